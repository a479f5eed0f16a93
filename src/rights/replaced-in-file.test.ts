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
  ['restrictions', ban, { from: '2031-01-01' }, 'restrictions/r1: from: '],
  ['obligations', owed, { kind: 'notify' }, 'obligations/o1: kind: '],
] as const)('%s: not first made somebody else’s, and then replaced', async (section, row, parts, told) => {
  await importing({ [section]: [row] });
  const changed = { ...row, ...parts };
  const replacing = { ...changed, id: 'new', until: '2020-01-01', from: undefined, supersedes: row.id };
  await expect(importing({ [section]: [changed, replacing] })).rejects.toMatchObject({
    code: 'ledger-undoes-withdrawal',
    message: expect.stringContaining(told),
  });
  await importing({ [section]: [row, { ...row, id: 'new', until: '2020-01-01', supersedes: row.id }] });
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
