import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { addFacts } from '../shots/store.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { answerCredit, listCredits } from './credits.ts';
import { append, importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { answerInputSchema, askSchema } from './schema.ts';
import { currentLedger } from './store.ts';

let context: Context;
let close: () => Promise<void>;
const day = { ...askSchema.parse({}), asOf: '2026-05-01' };

const text = (names: string[]) => ({ frames: 3, share: 1, covered: 0.1, lines: [], names });
const states = async () =>
  (await listCredits(context, {})).credits.map(({ name, title, state, party }) => [
    name,
    title,
    state,
    party,
  ]);
const answer = (input: object) =>
  answerCredit(context, answerInputSchema.parse({ title: 'harbour', ...input }));
const outcomes = async () => (await decideShots(context, day)).map(({ outcome }) => outcome);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await addFacts(context.db, 'fil_harbour', [
    ['sht_harbour-0', { text: text(['MARA OUSEL', 'J. R. Brown']) }],
    ['sht_harbour-1', { text: text(['Mara Ousel']) }],
  ]);
});
afterAll(() => close());
beforeEach(async () => {
  await forgetLedgers(context);
  await context.db.delete(tables.rightsCredits);
  const path = join(context.paths.root, 'ledger.json');
  const parties = [...(clearedFile().parties ?? []), { id: 'mara', kind: 'person', name: 'Mara Ousel' }];
  await writeFile(path, JSON.stringify({ ...clearedFile(), parties }));
  await importLedger(context, path);
});

test('names in credits are proposals: each once for a title, and no decision knows them', async () => {
  expect(await states()).toEqual([
    ['MARA OUSEL', 'harbour', 'open', 'mara'],
    ['J. R. Brown', 'harbour', 'open', null],
  ]);
  expect((await listCredits(context, {})).credits[0]?.shots).toEqual(['sht_harbour-0', 'sht_harbour-1']);
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  const { notices } = await checkRights(context, day);
  expect(notices).toEqual(['2 names read in credits wait for an answer: rights credits']);
});

test('a person who is seen somewhere holds up the title until the ledger says where', async () => {
  const { rows, ledger } = await answer({ name: 'mara ousel', seen: 'somewhere', party: 'mara' });
  expect([rows.length, (await listCredits(context, {})).ledger]).toEqual([1, ledger]);
  expect(await outcomes()).toEqual(['REVIEW', 'REVIEW']);
  expect((await states())[0]).toEqual(['MARA OUSEL', 'harbour', 'known', 'mara']);
});

test('a person who is seen everywhere must have agreed', async () => {
  await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' });
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
});

test.each<[string, object]>([
  ['supposed in some frames', { shots: [{ in: 0, out: 10 }], status: 'proposed' }],
  ['confirmed in some frames', { shots: [{ in: 0, out: 10 }] }],
  ['supposed in all of them', { shots: 'all', status: 'proposed' }],
])('who is seen everywhere is not held to what the ledger knew before: %s', async (_, parts) => {
  await importing([{ ...nowhere, id: 'm1', ...parts }]);
  await answer({ name: 'Mara Ousel', seen: 'somewhere', party: 'mara' });
  const { rows } = await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' });
  expect(rows).toHaveLength(1);
  expect((await outcomes()).filter((one) => one === 'ALLOW')).toEqual([]);
  expect((await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' })).rows).toEqual([]);
});

test('an answer may say more than the one before it', async () => {
  const { rows } = await answer({ name: 'Mara Ousel', seen: 'somewhere', party: 'mara' });
  expect(await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' })).toMatchObject({ rows });
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
});

test('who is nobody to ask is refused, who answered is kept, and nothing else changes', async () => {
  const { ledger } = await listCredits(context, {});
  expect(await answer({ name: 'J R Brown', seen: 'nowhere' })).toMatchObject({ ledger, rows: [] });
  const refused = (await listCredits(context, { state: 'refused' })).credits;
  expect(refused).toMatchObject([{ name: 'J. R. Brown', party: null, by: 'test' }]);
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
});

const importing = async (appearances: object[], parts: object = {}) => {
  const path = join(context.paths.root, 'later.json');
  const parties = [...(clearedFile().parties ?? []), { id: 'mara', kind: 'person', name: 'Mara Ousel' }];
  const own = [...(clearedFile().appearances ?? []), ...appearances];
  await writeFile(path, JSON.stringify({ ...clearedFile(), parties, appearances: own, ...parts }));
  return importLedger(context, path);
};

test('what an answer recorded stays in force beside a ledger file that lacks it, until a row of one replaces it', async () => {
  const { rows } = await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' });
  const told = `1 row of an answer, which the file does not name, stays in force: appearances/${rows[0]}`;
  expect((await importing([])).warnings).toEqual([told]);
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
  const ended = { ...nowhere, id: 'm1', supersedes: rows[0], note: 'she is heard alone' };
  expect(await importing([ended])).toMatchObject({ warnings: [], changes: { changed: 1, removed: 1 } });
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
  expect((await states())[0]).toEqual(['MARA OUSEL', 'harbour', 'known', 'mara']);
});

const nowhere = { party: 'mara', title: 'harbour', file: 'harbour.mp4', shots: 'none', status: 'confirmed' };

test('who is seen although the ledger said nowhere is recorded, and stays so beside the same file', async () => {
  const { rows } = await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' });
  const file = [{ ...nowhere, id: 'm1', supersedes: rows[0], note: 'she is heard alone' }];
  await importing(file);
  const again = await answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' });
  expect(again.rows).toHaveLength(1);
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
  await importing(file);
  expect(await outcomes()).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION']);
});

test('who is not seen in one reel may be in another: the name waits for an answer until each is spoken of', async () => {
  const reels = ['harbour.mp4', 'late.mp4'];
  const titles = clearedFile().titles?.map((title) => ({ ...title, files: reels }));
  const rows = reels.map((file) => ({ ...nowhere, id: file, file, note: 'she is heard alone' }));
  await importing(rows.slice(0, 1), { titles });
  expect((await states())[0]?.[2]).toBe('open');
  await importing(rows, { titles });
  expect((await states())[0]?.[2]).toBe('known');
});

test('an answer is recorded in a ledger that an import would refuse by now for something else', async () => {
  const ledger = await currentLedger(context.db);
  const [own] = ledger?.document.grants ?? [];
  if (!ledger || !own) throw new Error('no ledger');
  const grants = [...ledger.document.grants, { ...own, id: 'sole', grantee: 'nia', exclusive: true }];
  const recording = { sha256: 'f'.repeat(64), source: 'before', document: { ...ledger.document, grants } };
  await append({ db: context.db, who: 'test' }, ledger, recording, { what: 'rights.import', subject: '' });
  expect((await answer({ name: 'Mara Ousel', seen: 'somewhere', party: 'mara' })).rows).toHaveLength(1);
  expect(await outcomes()).toEqual(['REVIEW', 'REVIEW']);
});

test('a ledger in which a row replaces another takes answers too', async () => {
  const [a1] = clearedFile().appearances ?? [];
  await importing([{ ...a1, id: 'a2', shots: 'all', supersedes: 'a1' } as object]);
  expect((await answer({ name: 'Mara Ousel', seen: 'somewhere', party: 'mara' })).rows).toHaveLength(1);
});

test('an answer that cannot be recorded leaves the ledger as it was', async () => {
  const { ledger } = await listCredits(context, {});
  await context.db.execute('alter table rights_credits add constraint full_disk check (false) not valid');
  await expect(answer({ name: 'Mara Ousel', seen: 'everywhere', party: 'mara' })).rejects.toThrow();
  await context.db.execute('alter table rights_credits drop constraint full_disk');
  expect((await listCredits(context, {})).ledger).toBe(ledger);
  expect(await outcomes()).toEqual(['ALLOW', 'ALLOW']);
});

test.each([
  [{ name: 'Nobody Else', seen: 'nowhere' }, 'no-such-credit'],
  [{ name: 'Mara Ousel', seen: 'somewhere' }, 'bad-answer'],
  [{ name: 'Mara Ousel', seen: 'nowhere', party: 'mara' }, 'bad-answer'],
  [{ name: 'Mara Ousel', seen: 'somewhere', party: 'stranger' }, 'no-such-party'],
])('%j is refused as %s', async (input, code) => {
  await expect(answer(input)).rejects.toMatchObject({ code });
  expect((await listCredits(context, { state: 'open' })).open).toBe(2);
});
