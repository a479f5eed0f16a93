import type { Db } from '../../db/index.ts';
import { undisputed } from './stays.ts';
import { lastCopies, listChoices } from './store.ts';

/**
 * Shots that show the same, as far as that was looked for: nothing is compared for it. Pairs of which a person has said that both
 * stay are none.
 * @param shot only pairs with this one
 */
export async function knownCopies(db: Db, shot?: string): Promise<[string, string][]> {
  const copies = await lastCopies(db, shot);
  if (copies.length === 0) return [];
  return undisputed(copies, await listChoices(db)).map(({ a, b }) => [a.shot, b.shot]);
}
