import { expect, test } from 'vitest';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { context, file, useWorkspace } from './register.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';

/** A row that another replaces stands in the file as it was recorded: what replaces it is compared with that. */

useWorkspace();

const ann = { id: 'ann', kind: 'person', name: 'Ann Lech' };
const both = [...(clearedFile().parties ?? []), ann];
const importing = async (parts: object) =>
  importLedger(
    context,
    await file('ledger.json', JSON.stringify({ ...clearedFile(), parties: both, ...parts })),
  );
const [c1] = clearedFile().consents ?? [];
const no = { ...c1, answer: 'refused' };
const ban = {
  id: 'r1',
  titles: ['harbour'],
  uses: ['train.style'],
  territories: ['world'],
  imposedBy: 'nia',
  reason: 'no',
};
const owed = {
  id: 'o1',
  kind: 'pay',
  to: 'nia',
  titles: ['harbour'],
  uses: ['index'],
  territories: ['world'],
};

test.each([
  ['consents', no, { party: 'ann' }, 'consents/c1: party: '],
  ['restrictions', ban, { imposedBy: 'ann' }, 'restrictions/r1: imposedBy: '],
  ['restrictions', ban, { imposedBy: undefined }, 'restrictions/r1: imposedBy: '],
  ['restrictions', ban, { from: '2031-01-01' }, 'restrictions/r1: from: '],
  ['obligations', owed, { kind: 'notify' }, 'obligations/o1: kind: '],
] as const)('%s: not first made somebody else’s, and then replaced', async (section, row, parts, told) => {
  await importing({ [section]: [row] });
  const changed = { ...row, ...parts };
  const replacing = { ...changed, id: 'new', until: '2020-01-01', from: undefined, supersedes: row.id };
  await expect(importing({ [section]: [changed] })).rejects.toMatchObject({
    code: 'ledger-undoes-withdrawal',
    message: expect.stringContaining(told),
  });
  const both = importing({ [section]: [changed, replacing] });
  await expect(both).rejects.toThrow(/expected a row about the same|restrictions\/r1: from: /);
  await importing({ [section]: [row, { ...row, id: 'new', until: '2020-01-01', supersedes: row.id }] });
});

const pier = { ...clearedFile().titles?.[0], id: 'pier', name: 'Pier', files: ['pier.mp4'] };
const [a1] = clearedFile().appearances ?? [];
const brand = { ...a1, id: 'm1', party: undefined, kind: 'brand', owner: 'ann' };
const nowhere = { shots: 'none', note: 'a mistake' };

test.each([
  ['policies', { id: 'p1', cast: 'stated' }, { cast: undefined, house: 'studio' }, {}, 'house "studio"'],
  ['appearances', a1 as object, { title: 'pier', file: 'pier.mp4' }, {}, 'title "pier"'],
  ['appearances', a1 as object, { party: 'ann' }, nowhere, 'party "ann"'],
  ['materials', brand, { title: 'pier', file: 'pier.mp4' }, {}, 'title "pier"'],
] as const)('%s: not first rewritten as something else, and then replaced', async (...given) => {
  const [section, row, parts, more, told] = given;
  const titles = [...(clearedFile().titles ?? []), pier];
  await importing({ titles, [section]: [row] });
  const changed = { ...row, ...parts };
  const { id } = row as { id: string };
  const replacing = { ...changed, ...more, id: 'new', supersedes: id };
  await expect(importing({ titles, [section]: [changed, replacing] })).rejects.toThrow(
    `expected a row about the same: ${told}`,
  );
});

test('a withdrawal may be written as its day, or as an earlier one, and not as a later', async () => {
  await importing({});
  await revoke(context, revokeInputSchema.parse({ consent: 'c1' }), '2026-05-01T09:00:00.000Z');
  for (const day of ['2026-05-02', '2026-05-01T09:00:01Z', undefined])
    await expect(importing({ consents: [{ ...c1, withdrawn: day }] })).rejects.toThrow(
      'consents/c1: withdrawn',
    );
  await importing({ consents: [{ ...c1, withdrawn: '2026-05-01' }] });
  await importing({ consents: [{ ...c1, withdrawn: '2026-04-01' }] });
  await expect(importing({ consents: [{ ...c1, withdrawn: '2026-05-01' }] })).rejects.toThrow('2026-04-01');
});
