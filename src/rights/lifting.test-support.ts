import fc from 'fast-check';
import type { Consent } from './schema.ts';

/** Which consent lifts which refusal of its party, and by which word. */
export const links = fc.array(
  fc.tuple(fc.nat(99), fc.nat(99), fc.constantFrom('lifts' as const, 'supersedes' as const)),
  {
    maxLength: 4,
  },
);

export function lifting(
  list: readonly Consent[],
  given: readonly (readonly [number, number, 'lifts' | 'supersedes'])[],
): Consent[] {
  const found = list.map((row) => ({ ...row }));
  for (const [i, j, word] of given) {
    const yes = found.filter(({ answer }) => answer === 'given');
    const row = yes[i % yes.length];
    const refusals = found.filter(({ answer, party }) => answer === 'refused' && party === row?.party);
    const id = refusals[j % refusals.length]?.id;
    if (!row || id === undefined) continue;
    if (word === 'supersedes') row.supersedes = id;
    else row.lifts = [...new Set([...(row.lifts ?? []), id])];
  }
  return found;
}
