import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import type { Context } from '../../jobs/index.ts';
import { type ParticipantStatement, statementOutputSchema } from '../statement-schema.ts';
import { fillAccounts, ledgerFile, recordLedger } from './accounts.test-support.ts';
import { verifyStatement, writeStatements } from './statement.ts';
import { statementWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;
const { datasetSnapshots, generateTakes, provenanceBlocks, trainModels } = tables;

/** Model mdl_1 learned from a dataset that was frozen for Ann and Bob; mdl_2 from nothing that is known to target anybody. */
beforeAll(async () => {
  ({ context, close } = await testContext());
  const { db } = context;
  await fillAccounts(context);
  await db.execute('alter table rights_ledgers disable trigger user');
  await db.update(tables.rightsLedgers).set({ recordedAt: new Date('2026-01-01T00:00:00Z') });
  await db.execute('alter table rights_ledgers enable trigger user');
  const options = { frames: 16, fps: '12', use: 'train.performer', performers: ['ann', 'bob'] };
  const frozen = sql`${datasetSnapshots.record} || ${JSON.stringify({ options })}::jsonb`;
  await db.update(datasetSnapshots).set({ record: frozen });
  const base = { name: 'base', kind: 'base', path: '/b', sha256: 'b'.repeat(64), record: {} };
  await db.insert(trainModels).values({ ...base, id: 'mdl_2' });
  for (const take of drawn) await addTake(...take);
});
afterAll(() => close());

type Made = [id: string, replicaOf: string[] | null, more?: object];
const drawn: Made[] = [
  ['tak_a', ['ann']],
  ['tak_b', ['ann'], { modelId: 'mdl_2', adapters: [{ id: 'mdl_1', weight: 0.5 }] }],
  ['tak_both', ['ann', 'bob'], { frames: 24, fps: '24000/1001' }],
  ['tak_nobody', []],
  ['tak_later', ['ann'], { madeAt: new Date('2026-02-01T00:00:00Z') }],
];

async function addTake(id: string, replicaOf: string[] | null, more: object = {}): Promise<void> {
  const { adapters = [], ...facts } = more as { adapters?: object[] };
  const brief = { id: 'b', text: 'Ann Example waves', adapters, references: [] };
  const files = { rawPath: '', rawSha256: '', videoPath: '', videoSha256: id };
  const length = replicaOf === null ? {} : { frames: 17, fps: '12/1' };
  const made = {
    runId: 'run_2',
    modelId: 'mdl_1',
    candidate: 0,
    seed: 1,
    madeAt: new Date('2026-01-25T10:00:00Z'),
  };
  const row = { id, briefId: 'b', brief, replicaOf, ...files, ...length, ...made, ...facts };
  await context.db.insert(generateTakes).values(row);
}

const at = (name: string) => join(context.paths.root, name);
const pooled = 'version: 1\nname: Agreement\nrule: exposure-4\nreplicas: {performers: 100.00 EUR}\n';
async function written(to: string, poolText: string | undefined = pooled) {
  const pool = poolText === undefined ? undefined : at('pool.yaml');
  if (pool !== undefined) await writeFile(pool, poolText ?? '');
  return writeStatements(context, { from: '2026-01-01', until: '2026-01-31', pool, to: at(to) });
}
const read = async (path: string): Promise<ParticipantStatement> =>
  JSON.parse(await readFile(at(path), 'utf8'));
const matches = async (path: string) => (await verifyStatement(context, at(path))).matches;

it('counts the takes whose briefs named a performer, each by its id and length, and divides the pool by their seconds', async () => {
  const { summary } = await written('one');
  const { replicas, amounts } = await read('one/participant-ann.json');
  // Two of 17/12 s, one of 24 frames at 24000/1001.
  expect(replicas).toMatchObject({ takes: 3, withdrawn: 0, seconds: '11503/3000' });
  expect(replicas?.each).toMatchObject([
    { take: 'tak_a', run: 'run_2', models: ['mdl_1'], seconds: '17/12', withdrawn: null },
    { take: 'tak_b', models: ['mdl_2', 'mdl_1'], seconds: '17/12' },
    { take: 'tak_both', seconds: '1001/1000' },
  ]);
  expect((await read('one/participant-bob.json')).replicas).toMatchObject({ takes: 1, seconds: '1001/1000' });
  expect(amounts).toMatchObject([{ pool: 'replicas.performers', of: '7253/1500', due: '79.30 EUR' }]);
  expect(summary.undivided).toEqual([]);
  expect((await read('one/participant-studio.json')).replicas).toEqual({
    ...{ takes: 0, withdrawn: 0, seconds: '0', each: [] },
  });
});

it('says so on the page and in words, and is computed again to the same digest', async () => {
  const words = statementWords(statementOutputSchema.parse(await written('one')));
  expect(words).toMatch(
    /Ann Example \(ann\) {2}replicas.performers 79.30 EUR, 3 takes drawn as replicas, 3.83 s/,
  );
  const page = await readFile(at('one/participant-ann.html'), 'utf8');
  expect(page).toMatch(
    /Drawn as replicas.*3 takes drawn as replicas, 3\.83 s.*tak_both.*1\.00.*replicas\.performers/s,
  );
  for (const id of ['summary', 'participant-ann', 'participant-bob'])
    expect(await matches(`one/${id}.json`)).toBe(true);
});

it('counts them where no pool is named, or one that leaves them out, and divides nothing', async () => {
  const { summary } = await written('unpooled', undefined);
  expect(summary.participants.find(({ id }) => id === 'ann')?.replicas).toMatchObject({ takes: 3 });
  const others = pooled.replace('replicas', 'training');
  expect((await written('others', others)).summary.participants[0]).toMatchObject({
    ...{ id: 'ann', replicas: { takes: 3 }, amounts: [{ pool: 'training.performers' }] },
  });
});

it('of a version that did not record whom they name are not known, but for those of models that learned for nobody', async () => {
  const { summary } = await written('unpooled', undefined);
  expect(summary.notKnown.filter((line) => line.includes('replicas'))).toEqual([
    expect.stringMatching(/^Takes of run_2: 1 that an earlier version drew/),
  ]);
  await addTake('tak_old', null, { modelId: 'mdl_2', runId: 'run_old' });
  await addTake('tak_lost', null, { modelId: 'mdl_gone', runId: 'run_lost' });
  const told = (await written('later', undefined)).summary.notKnown.join('\n');
  expect(told).toContain('Takes of run_lost: 1 that');
  expect(told).not.toContain('run_old');
  await context.db.delete(generateTakes).where(eq(generateTakes.modelId, 'mdl_gone'));
});

describe('a withdrawal', () => {
  it('leaves the count as it was and is said of each take that it has reached, from then on', async () => {
    const blocked = { kind: 'take', id: 'tak_a', withdrawal: 'consents/c1', via: 'mdl_1' };
    await context.db.insert(provenanceBlocks).values([blocked, { ...blocked, withdrawal: 'grants/g1' }]);
    await recordLedger(context, { ...ledgerFile, parties: [...(ledgerFile.parties ?? []), eve] });
    await context.db.update(generateTakes).set({ brief: sql`${generateTakes.brief} || '{"text": ""}'` });
    for (const id of ['summary', 'participant-ann']) expect(await matches(`one/${id}.json`)).toBe(true);
    await written('after');
    const { replicas, amounts } = await read('after/participant-ann.json');
    expect(replicas).toMatchObject({ takes: 3, withdrawn: 1, seconds: '11503/3000' });
    expect(replicas?.each.map(({ withdrawn }) => withdrawn === null)).toEqual([false, true, true]);
    expect(amounts).toMatchObject([{ due: '79.30 EUR' }]);
    const page = await readFile(at('after/participant-ann.html'), 'utf8');
    expect(page).toContain('1 of these reached by a withdrawal since');
    expect(page).not.toContain('grants/g1');
  });
  const eve = { id: 'eve', kind: 'person' as const, name: 'Ann Example' };
});

describe('an earlier rule', () => {
  it('counts none of them, and whom it leaves out is told beside its statements', async () => {
    const { notices, summary } = await written('old', 'version: 1\nname: A\nrule: exposure-3\n');
    expect(notices).toEqual([
      expect.stringContaining('exposure-3 counts no takes that are replicas: 3 of ann, bob'),
    ]);
    expect(JSON.stringify(summary.participants)).not.toContain('replicas');
    expect(summary.notKnown.join()).not.toContain('replicas');
    expect(await matches('old/participant-ann.json')).toBe(true);
  });

  it('divides no pool for them', async () => {
    const refused = written('no', pooled.replace('exposure-4', 'exposure-3'));
    await expect(refused).rejects.toMatchObject({ code: 'pool-invalid' });
    await expect(refused).rejects.toThrow('which rule exposure-3 does not count');
    await expect(written('no', pooled.replace('100.00', '100.005'))).rejects.toMatchObject({
      code: 'pool-invalid',
    });
    const mixed = `${pooled}training: {owners: 1 USD}\n`;
    await expect(written('no', mixed)).rejects.toThrow('amounts in USD and EUR');
  });
});
