/** Whom a seal, a permit or a record says that it targets, in its own form: earlier versions named one at most. */
export const targetsOf = ({
  performers,
  performer,
}: {
  performers?: readonly string[] | undefined;
  performer?: string | null | undefined;
}): string[] => [...(performers ?? (typeof performer === 'string' ? [performer] : []))];
