import type { Context } from '../jobs/index.ts';
import type { Resting } from '../rights/index.ts';
import { knownCopies } from '../shots/index.ts';
import { impactOf } from './impact.ts';
import type { Touched } from './schema.ts';

/**
 * What was made of shots that show what withdrawn ones show, as they were found last (ADR 0056), and is not reached anyway. That pictures
 * are alike is evidence, no fact of the ledger: people look.
 * @param touched what the withdrawal has reached by fact
 */
export async function alikeOf(
  context: Pick<Context, 'db' | 'paths'>,
  resting: Resting,
  touched: readonly Touched[],
): Promise<Touched[]> {
  const alike = shotsAlike(resting.shots, await knownCopies(context.db));
  if (alike.size === 0) return [];
  const ends = [...alike].map(([shot, { of }]) => [shot, resting.ended.get(of)] as const);
  const known = new Set(touched.map(nameOf));
  const { touched: found } = await impactOf(context, {
    shots: new Map([...alike].map(([shot, { row, of }]) => [shot, `${row} by likeness to shot ${of}`])),
    ...{ films: new Map(), people: new Map(), uses: resting.uses, unsure: resting.unsure },
    ended: new Map([...resting.ended, ...ends.flatMap(([shot, end]) => (end ? [[shot, end] as const] : []))]),
  });
  return found.filter((item) => !known.has(nameOf(item)));
}

const nameOf = ({ kind, id }: Touched): string => `${kind} ${id}`;

/** Shots that show the same as one of these, each with what it is like; one step, as decisions take it (ADR 0070). */
function shotsAlike(
  shots: ReadonlyMap<string, string>,
  pairs: readonly (readonly [string, string])[],
): Map<string, { row: string; of: string }> {
  const found = new Map<string, { row: string; of: string }>();
  for (const [a, b] of pairs.flatMap(([one, other]) => [[one, other] as const, [other, one] as const])) {
    const row = shots.get(a);
    if (row !== undefined && !shots.has(b)) found.set(b, { row, of: a });
  }
  return found;
}
