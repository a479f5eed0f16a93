import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';

/** Who and what is seen in a film is seen under the title that the film has: under another one nobody would be asked. */

let context: Context;
let close: () => Promise<void>;
const sha256 = Buffer.from('harbour').toString('hex').padEnd(64, '0');
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const [harbour] = clearedFile().titles ?? [];
const [g1] = clearedFile().grants ?? [];
const [c1] = clearedFile().consents ?? [];
const ann = { id: 'ann', kind: 'person', name: 'Ann Lech' };
const place = { title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' };
const seen = { id: 'a2', party: 'ann', ...place };
const quay = { ...harbour, id: 'quay', name: 'Quay', files: ['quay.mp4'] };
const ledger = {
  ...clearedFile(),
  parties: [...(clearedFile().parties ?? []), ann],
  titles: [{ ...harbour, files: ['harbour.mp4', 'harbour2.mp4'] }, quay],
  grants: [{ ...g1, titles: ['harbour', 'quay'] }],
  appearances: [] as object[],
};
const taken = (file: string) => ({
  titles: [
    { ...harbour, files: ['harbour2.mp4'] },
    { ...quay, files: ['quay.mp4', file] },
  ],
});
const no = { ...c1, id: 'no', party: 'ann', answer: 'refused' };

describe.each<[string, 'appearances' | 'materials', object, object]>([
  ['a party that nobody asked', 'appearances', seen, {}],
  ['one that refused', 'appearances', seen, { consents: [no] }],
  ['one who may be seen', 'appearances', { ...seen, status: 'proposed' }, {}],
  ['a thing of others', 'materials', { id: 'm1', kind: 'brand', ...place }, {}],
])('%s', (_, section, row, more) => {
  const start = { ...ledger, ...more, [section]: [row] };

  test('does not stay behind under the old title of a film that another takes', async () => {
    await importing(context, start);
    const invalid = importing(context, { ...start, ...taken('harbour.mp4') });
    await expect(invalid).rejects.toThrow('Name the title that it is of: "quay"');
    const bySum = importing(context, { ...start, ...taken(sha256) });
    await expect(bySum).rejects.toMatchObject({ code: 'ledger-undoes-withdrawal' });
    expect(await allowed(context)).toBe(0);
  });

  test('is not said of another title than that of the film', async () => {
    await importing(context, start);
    const elsewhere = importing(context, { ...start, [section]: [{ ...row, title: 'quay' }] });
    await expect(elsewhere).rejects.toThrow('Name the title that it is of: "harbour"');
    expect(await allowed(context)).toBe(0);
  });

  test('goes with the film to its new title', async () => {
    await importing(context, start);
    const consents = 'consents' in more ? { consents: [{ ...no, titles: ['harbour', 'quay'] }] } : {};
    const moved = { ...start, ...taken('harbour.mp4'), ...consents };
    await importing(context, { ...moved, [section]: [{ ...row, title: 'quay' }] });
    expect(await allowed(context)).toBe(0);
  });
});

test('the row that is told can be pasted into the file: it names the title that the film has there', async () => {
  await importing(context, { ...ledger, appearances: [seen] });
  const left = importing(context, { ...ledger, ...taken(sha256) });
  await expect(left).rejects.toThrow(/left out:\n {2}appearances\/a2: \{[^\n]*"title":"quay"/);
});

test('a withdrawn party is not moved to another title than that of the film', async () => {
  await importing(context, { ...ledger, appearances: [seen] });
  const now = '2026-05-01T09:00:00.000Z';
  await revoke(context, revokeInputSchema.parse({ party: 'ann' }), now);
  const parties = [...(clearedFile().parties ?? []), { ...ann, withdrawn: now }];
  const quayed = { ...ledger, parties, appearances: [{ ...seen, title: 'quay' }] };
  await expect(importing(context, quayed)).rejects.toThrow('Name the title that it is of: "harbour"');
  await importing(context, { ...quayed, ...taken(sha256) });
  expect(await allowed(context)).toBe(0);
});

test('of a film that is not catalogued yet the same is asked by its name', async () => {
  const other = { ...seen, file: 'harbour2.mp4' };
  await importing(context, { ...ledger, appearances: [other] });
  const titles = [
    { ...harbour, files: ['harbour.mp4'] },
    { ...quay, files: ['quay.mp4', 'harbour2.mp4'] },
  ];
  const behind = [other, { ...other, file: 'harbour.mp4' }];
  for (const row of behind)
    await expect(importing(context, { ...ledger, titles, appearances: [row] })).rejects.toThrow('a2');
  await importing(context, { ...ledger, titles, appearances: [{ ...other, title: 'quay' }] });
});

test('a film that no title names any more keeps its people as they were', async () => {
  await importing(context, { ...ledger, appearances: [seen] });
  const parked = { titles: [{ ...harbour, files: ['harbour2.mp4'] }, quay] };
  await importing(context, { ...ledger, ...parked, appearances: [seen] });
  const back = { ...ledger, ...taken('harbour.mp4') };
  await expect(importing(context, { ...back, appearances: [seen] })).rejects.toThrow('"quay"');
  await importing(context, { ...back, appearances: [{ ...seen, title: 'quay' }] });
  expect(await allowed(context)).toBe(0);
});
