import type { Ask } from './ask.ts';
import { holdsShot, type NamedFile, type ShotSpan } from './match.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Assumption, Cast, Ledger, LedgerTitle, Policy, Reason } from './schema.ts';

/** Whether the row speaks of its whole title. */
export const isWhole = ({ file, shots }: Cast): boolean => file === undefined && shots === undefined;

/** Whether the row speaks of all of the shot, which is of its title. */
export const speaksOf = (row: Cast, file: NamedFile, shot: ShotSpan): boolean =>
  isWhole(row) || holdsShot({ file: row.file ?? '', shots: row.shots ?? 'all' }, file, shot);

const counts = (row: Cast, { at }: Ask): boolean => spanOf(row.on).start <= at.end && !isWithdrawn(row, at);

/** Whether the studio asks that somebody says of each title that its cast is listed. */
export const asksForCasts = (policies: readonly Policy[]): boolean =>
  policies.some(({ cast }) => cast === 'stated');

interface Unstated {
  assumptions: Assumption[];
  reasons: Reason[];
}

/**
 * That nobody but those listed is seen in a shot is assumed where nobody has said so; where the studio asks that somebody
 * does, the shot waits.
 */
export function castOf(
  { id, name }: LedgerTitle,
  { file, ...shot }: ShotSpan & { file: NamedFile },
  { casts, policies }: Ledger,
  listed: number,
  ask: Ask,
): Unstated {
  const said = casts.some((row) => row.title === id && counts(row, ask) && speaksOf(row, file, shot));
  if (said) return { assumptions: [], reasons: [] };
  const seen = listed === 0 ? 'nobody is listed as seen here' : 'who else is seen is not known';
  const fact = { row: `titles/${id}`, message: `the cast of ${name} is not stated to be complete: ${seen}` };
  if (asksForCasts(policies)) return { assumptions: [], reasons: [{ rule: 'cast_not_stated', ...fact }] };
  return { assumptions: [{ assumption: 'cast_not_stated', ...fact }], reasons: [] };
}
