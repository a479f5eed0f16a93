import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { ledgerRow } from './row.ts';
import type { Imported } from './schema.ts';

/** Who and what is seen, and policies, are not left out of a file: shots that waited for them would be allowed. */

let context: Context;
let close: () => Promise<void>;
const sha256 = Buffer.from('harbour').toString('hex').padEnd(64, '0');

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

async function importing(parts: object): Promise<Imported> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...cleared, ...parts }));
  return importLedger(context, path);
}

const allowed = async () => {
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
  return (await decideShots(context, asked)).filter(({ outcome }) => outcome === 'ALLOW').length;
};

const place = { title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' };
/** Somebody who was never asked. */
const ann = { id: 'ann', kind: 'person', name: 'Ann Lech' };
const seen = { id: 'a2', party: 'ann', ...place };
const brand = { id: 'm1', kind: 'brand', ...place };
const stated = { id: 'p1', cast: 'stated' };
const cleared = {
  ...clearedFile(),
  parties: [...(clearedFile().parties ?? []), ann],
  appearances: [] as object[],
};
const gone = { shots: 'none', note: 'a poster, by the call sheet of 4 June' };

/** Each holds up both shots. */
const holding: [string, object, object, object][] = [
  ['appearances', seen, { party: 'nia' }, { ...seen, ...gone }],
  [
    'appearances',
    { ...seen, status: 'proposed' },
    { party: 'nia', status: 'proposed' },
    { ...seen, ...gone },
  ],
  ['materials', brand, { shots: [{ in: 24, out: 48 }] }, { ...brand, ...gone }],
  ['materials', { ...brand, status: 'proposed' }, { title: 'pier', file: 'pier.mp4' }, { ...brand, ...gone }],
  ['policies', stated, { cast: 'assumed' }, { id: 'p1', cast: 'assumed' }],
  [
    'policies',
    { id: 'p1', materials: 'stated' },
    { materials: 'assumed' },
    { id: 'p1', materials: 'assumed' },
  ],
  ['policies', { id: 'p1', house: 'studio' }, { house: 'nia' }, { id: 'p1', house: 'nia' }],
];
const pier = { id: 'pier', name: 'Pier', files: ['pier.mp4'], shares: [] };
const to = {
  grants: [{ ...clearedFile().grants?.[0], grantee: 'nia' }],
  titles: [...(clearedFile().titles ?? []), pier],
};

describe.each(holding)('%s %j', (section, row, changed, ended) => {
  test('neither left out nor changed in place to hold up less, and the error has the row', async () => {
    await importing({ ...to, [section]: [row] });
    expect(await allowed()).toBe(0);
    const [key] = Object.values(row);
    const told = expect.objectContaining({
      code: 'ledger-undoes-withdrawal',
      message: expect.stringContaining(`left out:\n  ${section}/${key}: ${JSON.stringify(row).slice(0, 10)}`),
    });
    await expect(importing(to)).rejects.toThrow(told);
    await expect(importing({ ...to, [section]: [{ ...row, ...changed }] })).rejects.toThrow(told);
    expect(await allowed()).toBe(0);
    expect(await importing({ ...to, [section]: [row] })).toMatchObject({ unchanged: true });
  });

  test('ended by a row that replaces it, with the old one or without, which stays in its turn', async () => {
    await importing({ ...to, [section]: [row] });
    const end = { ...ended, id: 'end', supersedes: Object.values(row)[0] };
    const written = await importing({ ...to, [section]: [row, end] });
    expect(written.changes).toEqual({ added: 0, changed: 1, removed: 1 });
    expect(await allowed()).toBe(2);
    expect(await importing({ ...to, [section]: [end] })).toMatchObject({
      changes: { added: 0, changed: 0, removed: 0 },
    });
    await expect(importing({ ...to, [section]: [row] })).rejects.toThrow(`${section}/end: `);
    expect((await ledgerRow(context, `${section}/${Object.values(row)[0]}`)).replacedBy).toEqual([
      `${section}/end`,
    ]);
  });
});

test('more shots, other words, another id or the sha256 of the same film hold as much', async () => {
  const [early, late] = [
    { in: 0, out: 24 },
    { in: 24, out: 48 },
  ];
  await importing({
    appearances: [
      { ...seen, shots: [early] },
      { ...seen, id: 'a3', shots: [late] },
    ],
  });
  await importing({ appearances: [{ ...seen, id: 'a4', note: 'both', shots: [{ in: 0, out: 48 }] }] });
  const titles = [{ ...clearedFile().titles?.[0], files: [sha256] }];
  await importing({ titles, appearances: [{ ...seen, id: 'a5', file: sha256, shots: 'all' }] });
  expect(await allowed()).toBe(0);
  const fewer = importing({ titles, appearances: [{ ...seen, id: 'a5', file: sha256, shots: [early] }] });
  await expect(fewer).rejects.toThrow('appearances/a5: ');
});

test('who may be seen is waited for until that row says who it is', async () => {
  const maybe = { ...seen, party: 'nia', status: 'proposed' };
  await importing({ appearances: [maybe] });
  const known = { ...seen, id: 'a9', party: 'nia' };
  await expect(importing({ appearances: [known] })).rejects.toThrow('appearances/a2: ');
  await importing({ appearances: [{ ...maybe, status: 'confirmed' }] });
  expect(await allowed()).toBe(2);
});

test('a title that goes with all who are seen in it is refused; one of another id for its film is not', async () => {
  await importing({ appearances: [seen] });
  const rest = { grants: [], consents: [] };
  await expect(importing({ ...rest, titles: [pier] })).rejects.toThrow('appearances/a2: ');
  const titles = [{ ...clearedFile().titles?.[0], id: 'port' }];
  await importing({ ...rest, titles, appearances: [{ ...seen, title: 'port' }] });
  const elsewhere = { id: 'a3', party: 'ann', ...place, ...gone, title: 'pier', supersedes: 'a2' };
  await importing({ ...rest, titles: [pier], appearances: [elsewhere] });
});

test('the name of a film that is not catalogued may be corrected in place', async () => {
  const wrong = { titles: [{ ...clearedFile().titles?.[0], files: ['harbor.mp4'] }] };
  await importing({ ...wrong, appearances: [{ ...seen, file: 'harbor.mp4' }] });
  await importing({ appearances: [seen] });
  expect(await allowed()).toBe(0);
});

test('that nobody is seen after all is confirmed, with its reason, and about the same party', async () => {
  await importing({ appearances: [seen] });
  const end = { ...seen, id: 'a3', shots: 'none', supersedes: 'a2' };
  await expect(importing({ appearances: [end] })).rejects.toThrow('why it is seen nowhere');
  const maybe = importing({ appearances: [{ ...end, ...gone, status: 'proposed' }] });
  await expect(maybe).rejects.toThrow('confirmed, where shots is none');
  await expect(importing({ appearances: [{ ...end, ...gone, party: 'nia' }] })).rejects.toThrow(
    'party "nia"',
  );
});

test('casts and inventories may be left out: without them shots wait, or an assumption is told', async () => {
  const lists = { id: 'l1', title: 'harbour', by: 'studio', on: '2026-01-01' };
  await importing({ casts: [lists], inventories: [lists] });
  await importing({});
  expect(await allowed()).toBe(2);
});
