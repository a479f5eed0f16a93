import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { decisionDigest } from './digest.ts';
import { importLedger } from './import.ts';
import { writtenLedgerWords } from './import-words.ts';
import { ledgerText, writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { ledgers } from './random.test-support.ts';
import { sections } from './raw.ts';
import { checked, readLedger } from './read.ts';
import { recordedEarlier } from './refused.test-support.ts';
import { revoke } from './revoke.ts';
import { type Ledger, ledgerSchema, revokeInputSchema } from './schema.ts';
import { appendLedger, currentLedger, rowsInForce } from './store.ts';

/** The ledger in force as a file. */

let context: Context;
let close: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 't1', 't1.mp4');
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const newFile = () => join(context.paths.root, `ledger-${count++}.yaml`);

async function importing(document: object) {
  const path = newFile();
  await writeFile(path, JSON.stringify(document));
  return importLedger(context, path);
}

const inForce = async () =>
  (await rowsInForce(context.db)).map(({ section, key, content }) => [section, key, content]);
const digest = async () =>
  decisionDigest(await decideShots(context, { use: 'train.style', asOf: '2026-05-01' }));

/** Writes the ledger and imports what was written. @returns its text */
async function andBack(): Promise<string> {
  const before = { rows: await inForce(), digest: await digest() };
  const path = newFile();
  expect((await writeLedger(context, path)).problems).toEqual([]);
  const { changes, warnings } = await importLedger(context, path);
  expect({ changes, warnings: warnings.filter((one) => one.includes('register')) }).toEqual({
    changes: { added: 0, changed: 0, removed: 0 },
    warnings: [],
  });
  expect({ rows: await inForce(), digest: await digest() }).toEqual(before);
  return readFile(path, 'utf8');
}

/** A random ledger without the rows that contradict others, as an import would have it. */
function sound(ledger: Ledger): Ledger {
  const { problems } = checked(ledger);
  const broken = new Set(problems.map(({ path }) => `${path[0]}/${path[1]}`));
  if (broken.size === 0) return ledger;
  const { version, ...parts } = ledger;
  const kept = Object.entries(parts).map(([section, rows]) => [
    section,
    rows.filter((_: object, i: number) => !broken.has(`${section}/${i}`)),
  ]);
  return sound({ version, ...Object.fromEntries(kept) } as Ledger);
}

const filled = (ledger: Ledger) => sections.filter((section) => ledger[section].length > 0);

/** Those with the most kinds of rows first. */
const random = () =>
  fc
    .sample(ledgers, { numRuns: 400, seed: 11 })
    .map((ledger) => sound(JSON.parse(JSON.stringify(ledger))))
    .sort((a, b) => filled(b).length - filled(a).length);

test('random ledgers, written and imported again, change nothing and decide the same', async () => {
  const all = random();
  for (const ledger of all) {
    const text = ledgerText(ledger, { id: 'ldg_1', source: 'x' });
    expect(readLedger(text, 'ledger.yaml')).toEqual(ledger);
  }
  const some = all.filter((_, i) => i < 8 || i % 50 === 0);
  for (const ledger of some) {
    await forgetLedgers(context);
    await importing(ledger);
    await andBack();
  }
  expect(new Set(some.flatMap(filled))).toEqual(new Set(sections));
});

test('what registers and withdrawals recorded is in it, and rows that others replaced', async () => {
  const ban = { id: 'r1', titles: ['harbour'], uses: ['train.style'], territories: ['world'], reason: 'no' };
  await importing({ ...clearedFile(), restrictions: [ban] });
  await importing({
    ...clearedFile(),
    restrictions: [ban, { ...ban, id: 'r2', until: '2026-01-01', supersedes: 'r1' }],
  });
  await revoke(context, revokeInputSchema.parse({ consent: 'c1' }), '2026-04-01T00:00:00.000Z');
  const text = await andBack();
  expect(text).toContain('supersedes: r1');
  expect(text).toContain('withdrawn: 2026-04-01T00:00:00.000Z');
  await forgetLedgers(context);
  const path = newFile();
  await writeFile(path, text);
  expect((await importLedger(context, path)).leftOut.rows).toMatchObject([{ row: 'restrictions/r1' }]);
});

test('a row whose forerunner an import would refuse today is written without it', async () => {
  const nia = {
    id: 'no',
    party: 'nia',
    answer: 'refused',
    titles: 'all',
    uses: 'all',
    territories: ['world'],
  };
  const old = ledgerSchema.parse({ ...clearedFile(), consents: [nia] });
  const now = ledgerSchema.parse({
    ...clearedFile(),
    consents: [{ ...nia, id: 'own', party: 'studio', supersedes: 'no' }],
  });
  const recorded = { sha256: 'a'.repeat(64), source: 'before', recordedBy: 'test' };
  await appendLedger(context.db, { ...recorded, id: 'ldg_1', document: old }, null, {
    what: 'x',
    subject: 'x',
  });
  await appendLedger(context.db, { ...recorded, id: 'ldg_2', document: now }, 'ldg_1', {
    what: 'x',
    subject: 'x',
  });
  expect(await andBack()).not.toContain('id: no');
});

test('what an import would refuse is told, and texts that other programs take for dates or numbers are texts', async () => {
  const odd = [
    '2026-01-01',
    '01:02:03:04',
    'no',
    '1e3',
    '0x1F',
    'a: b',
    '# c',
    ' x ',
    'two\nlines',
    'ü"\\\'',
  ];
  const parties = odd.map((name, i) => ({ id: `p${i}`, kind: 'person', name, note: name }));
  await importing({ ...clearedFile(), parties: [...(clearedFile().parties ?? []), ...parties] });
  await andBack();
  const document = (await currentLedger(context.db))?.document as Ledger;
  const twice = {
    ...document,
    titles: [...document.titles, { ...document.titles[0], id: 'again' }],
  } as Ledger;
  const ledger = {
    id: 'ldg_x',
    sha256: 'a'.repeat(64),
    source: 'before',
    recordedBy: 'test',
    document: twice,
  };
  await appendLedger(context.db, ledger, (await currentLedger(context.db))?.id ?? null, {
    what: 'x',
    subject: 'x',
  });
  const written = await writeLedger(context, newFile());
  expect(written.problems).toEqual([
    expect.stringContaining('titles[1] "again" files[0]: expected a file named once'),
  ]);
  expect(writtenLedgerWords(written)).toContain('! an import would refuse it: titles[1]');
});

test('it replaces no other file, and needs a ledger', async () => {
  await expect(writeLedger(context, newFile())).rejects.toMatchObject({ code: 'no-ledger' });
  await importing(clearedFile());
  const path = newFile();
  await writeLedger(context, path);
  await writeLedger(context, path);
  await writeFile(path, 'mine');
  await expect(writeLedger(context, path)).rejects.toMatchObject({ code: 'file-exists' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await context.db.select().from(tables.rightsLedgers)).toHaveLength(1);
});

test('consents that an earlier version let take a refusal out of force are written in the word of today, and come back', async () => {
  const [c1] = clearedFile().consents ?? [];
  const no = {
    id: 'no',
    party: 'nia',
    answer: 'refused',
    titles: 'all',
    uses: ['distil'],
    territories: ['world'],
  };
  const gone = { ...c1, id: 'gone', on: '2026-01-01' };
  const yes = { ...c1, id: 'yes', on: '2026-02-01', supersedes: 'no' };
  const next = { ...c1, id: 'next', on: '2026-03-01', lifts: ['no'], supersedes: 'yes' };
  const twice = { ...c1, id: 'twice', supersedes: 'gone', withdrawn: '2026-04-01' };
  await importing({ ...clearedFile(), consents: [no, gone] });
  const last = { ...c1, id: 'last', supersedes: 'twice' };
  for (const consents of [
    [yes, twice],
    [no, next, twice],
    [no, next, last],
  ])
    await recordedEarlier(context, { ...clearedFile(), consents });
  const text = await andBack();
  expect(text).toContain('id: yes');
  expect(text).not.toContain('supersedes: no');
});
