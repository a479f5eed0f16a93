import { isOver, listOf, textOf } from './raw.ts';

/** What is asked of a consent here, in a document of any shape. */
interface Saying {
  answer?: unknown;
  lifts?: unknown;
}

/** Ids of refusals that a consent lifts: they stay in force, and it permits by itself what it says (ADR 0198). */
export const liftedBy = ({ answer, lifts }: Saying): string[] =>
  answer === 'given' ? listOf(lifts).flatMap((id) => textOf(id) ?? []) : [];

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
