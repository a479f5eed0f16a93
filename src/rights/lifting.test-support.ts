import fc from 'fast-check';
import type { Consent } from './schema.ts';
import { trainers, uses } from './uses.ts';

/** Which consent lifts which refusal of its party; and, more often met, those of which each lifts a refusal of everything. */
export const links = fc.record({
  named: fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 4 }),
  whole: fc.array(fc.nat(99), { maxLength: 2 }),
});

export function lifting(
  list: readonly Consent[],
  { named, whole }: { named: readonly (readonly [number, number])[]; whole: readonly number[] },
): Consent[] {
  const found = list.map((row) => ({ ...row }));
  for (const [i, j] of named) {
    const yes = found.filter(({ answer }) => answer === 'given');
    const row = yes[i % yes.length];
    const refusals = found.filter(({ answer, party }) => answer === 'refused' && party === row?.party);
    const id = refusals[j % refusals.length]?.id;
    if (row && id !== undefined) row.lifts = [...new Set([...(row.lifts ?? []), id])];
  }
  return [...found, ...whole.flatMap((i, n) => pairOf(list[i % list.length], n))];
}

/** A refusal of everything by whom a row is of, now and then said after it, and the row as a consent to everything that lifts it: who gave it, when, and whether it is withdrawn stays. */
function pairOf(row: Consent | undefined, n: number): Consent[] {
  if (row === undefined) return [];
  const { id: _, models: __, outputs: ___, from: ____, until: _____, ...rest } = row;
  const wide = { titles: ['t1', 't2'], uses: [...uses], territories: ['world'], trainers: [...trainers] };
  const no: Consent = {
    ...{ id: `no${n}`, party: row.party, answer: 'refused', ...(n === 0 ? { on: '2026-05-01' } : {}) },
    ...{ titles: 'all', uses: 'all', territories: ['world'] },
  };
  return [no, { ...rest, ...wide, id: `yes${n}`, answer: 'given', lifts: [no.id] }];
}
