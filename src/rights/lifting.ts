import { isOver, listOf, textOf } from './raw.ts';

/** What is asked of a consent here, in a document of any shape. */
interface Saying {
  answer?: unknown;
  lifts?: unknown;
  supersedes?: unknown;
}

/**
 * Ids of refusals that a consent lifts, of which it permits by itself what it says (ADR 0198): those that it names in `lifts`, and in
 * `supersedes`, as that of a consent takes no refusal out of force. Ids of others among them are of no refusal.
 */
export const liftedBy = ({ answer, lifts, supersedes }: Saying): string[] =>
  answer === 'given' ? [...listOf(lifts), supersedes].flatMap((id) => textOf(id) ?? []) : [];

/** Whether what a row names in `supersedes` stays in force beside it: a refusal that a consent lifts. */
export const isLift = (row: Saying, old: Saying | undefined): boolean =>
  row.answer === 'given' && old?.answer === 'refused';

/** Ids of refusals that consents lift which have not ended, each with the ids of these. */
export function liftsOf(rows: readonly (Saying & Ending)[], now = Date.now()): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const row of rows)
    for (const id of isOver(row, now) ? [] : liftedBy(row))
      found.set(id, [...(found.get(id) ?? []), textOf(row.id) ?? '']);
  return found;
}

interface Ending {
  id?: unknown;
  until?: unknown;
  withdrawn?: unknown;
}
