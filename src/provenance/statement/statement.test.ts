import { createHash, generateKeyPairSync } from 'node:crypto';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq, ne } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../../test/support/audit.ts';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import type { Context } from '../../jobs/index.ts';
import { catalogue } from '../../rights/catalogued.test-support.ts';
import { permitWithoutKey } from '../../trust/mark.test-support.ts';
import { digestOf } from '../digest.ts';
import { NEWEST_RULE, STATEMENT_RULES } from '../statement-rules.ts';
import type { ParticipantStatement } from '../statement-schema.ts';
import { addRun, fillAccounts, ledgerFile, recordLedger } from './accounts.test-support.ts';
import { checkStatement } from './sealed.ts';
import { verifyStatement, writeStatements } from './statement.ts';

let context: Context;
let close: () => Promise<void>;
let pool: string;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillAccounts(context);
  // Records keep the moment they were written at: here it is a moment of January.
  await context.db.execute('alter table rights_ledgers disable trigger user');
  await context.db.update(tables.rightsLedgers).set({ recordedAt: new Date('2026-01-01T00:00:00Z') });
  await context.db.execute('alter table rights_ledgers enable trigger user');
  pool = join(context.paths.root, 'pool.yaml');
  await writeFile(
    pool,
    'version: 1\nname: Agreement\nrule: exposure-2\ntraining: {owners: 100 EUR, performers: 10.00 EUR}\nreferences: {owners: 1 EUR, performers: 0.50 EUR}\n',
  );
});
afterAll(() => close());

const period = { from: '2026-01-01', until: '2026-01-31' };
const at = (name: string) => join(context.paths.root, name);
const written = (to: string, options = {}) =>
  writeStatements(context, { ...period, pool, to: at(to), ...options });
const read = async (path: string): Promise<ParticipantStatement> => JSON.parse(await readFile(path, 'utf8'));

it('says what was shown of whom, exactly, and what is due', async () => {
  const { summary, files } = await written('one');
  expect(summary.trainings).toMatchObject([
    { models: ['mdl_1'], snapshot: 'dst_1', steps: 5, batch: 4, seconds: '80/3' },
  ]);
  expect(summary.participants.map(({ id }) => id)).toEqual(['ann', 'heirs', 'studio']);
  const heirs = await read(at('one/participant-heirs.json'));
  // Two clips of 4/3 s, five times each, two thirds of it.
  expect(heirs.exposure).toMatchObject([
    {
      title: { id: 'quarry' },
      role: 'owner',
      share: '2/3',
      shots: 2,
      clips: 2,
      seen: 10,
      seconds: '40/3',
      counted: '80/9',
    },
  ]);
  expect(heirs.amounts).toMatchObject([
    { pool: 'training.owners', counted: '80/9', of: '80/3', due: '33.33 EUR' },
  ]);
  expect(heirs.exposure).toHaveLength(1);
  expect(files).toHaveLength(13);
});

it('counts a person only in the shots that the ledger confirms', async () => {
  const ann = await read(at('one/participant-ann.json'));
  expect(ann.exposure.map(({ title, seconds, role }) => [title.id, seconds, role])).toEqual([
    ['harbour', '40/3', 'performer'],
    ['quarry', '20/3', 'performer'],
  ]);
  expect(ann.amounts.map(({ pool: name, due }) => [name, due])).toEqual([
    ['training.performers', '10.00 EUR'],
    ['references.performers', '0.50 EUR'],
  ]);
});

it('names references by their bytes, and says which are of nobody known', async () => {
  const studio = await read(at('one/participant-studio.json'));
  expect(studio.references).toMatchObject([
    { take: 'tak_1', given: 'video', title: { id: 'harbour' }, counted: '1' },
  ]);
  const { notKnown } = JSON.parse(await readFile(at('one/summary.json'), 'utf8'));
  expect(notKnown).toEqual([
    'Take tak_1: its first "stranger.png" is no file of the catalogue, so whose it is is not known.',
  ]);
  expect(studio.notKnown.join()).toMatch(/cases: 1/);
  expect(await readFile(at('one/participant-heirs.html'), 'utf8')).not.toContain('stranger');
});

it('is a page too, with names as text and no claim of influence', async () => {
  const page = await readFile(at('one/participant-heirs.html'), 'utf8');
  expect(page).toContain('Heirs &lt; Example &amp; Sons');
  expect(page).toContain('33.33 EUR');
  expect(page).toContain('does not say how much anything contributed');
  expect(page.match(/legal advice/g)).toHaveLength(1);
});

it('written twice has the same bytes and is one act; other statements go to another folder', async () => {
  const before = await readFile(at('one/participant-heirs.json'));
  await written('one');
  expect(await readFile(at('one/participant-heirs.json'))).toEqual(before);
  expect((await actsIn(context.db)).filter(({ what }) => what === 'provenance.statement')).toHaveLength(1);
  await expect(written('one', { until: '2026-01-15' })).rejects.toMatchObject({ code: 'folder-not-empty' });
});

it('comes out the same when it is computed again, also after the ledger was changed and clips were removed', async () => {
  await recordLedger(context, {
    ...ledgerFile,
    titles: ledgerFile.titles?.map((title) => ({
      ...title,
      shares: [{ party: 'heirs', share: '100%' }],
      chain: [],
    })),
  });
  await context.db.update(tables.datasetClips).set({ caption: '' });
  for (const name of (await readdir(at('one'))).filter((file) => file.endsWith('.json'))) {
    expect(await verifyStatement(context, at(`one/${name}`))).toMatchObject({ matches: true, whole: true });
  }
});

it('of an earlier rule is computed again by that, and so is divided what a pool names it for', async () => {
  await writeFile(at('old.yaml'), (await readFile(pool, 'utf8')).replace('exposure-2', 'exposure-1'));
  expect((await written('old-pool', { pool: at('old.yaml') })).summary.rule.id).toBe('exposure-1');
  expect(await verifyStatement(context, at('old-pool/summary.json'))).toMatchObject({ matches: true });
  await written('unpooled', { pool: undefined });
  const { digest: _, replicas: __, ...content } = await read(at('unpooled/participant-ann.json'));
  expect(content.rule.id).toBe(NEWEST_RULE);
  const earlier = { ...content, rule: { id: 'exposure-1', says: STATEMENT_RULES['exposure-1'] } };
  await writeFile(at('earlier.json'), JSON.stringify({ ...earlier, digest: digestOf(earlier) }));
  expect(await verifyStatement(context, at('earlier.json'))).toMatchObject({ matches: true });
});

it('stays as it was where a film is catalogued later that a past take had been given; a new one counts it', async () => {
  const old = await undated();
  const stranger = createHash('sha256').update('stranger').digest('hex');
  await catalogue(context, 'late', 'harbour.mp4');
  await context.db
    .update(tables.catalogFiles)
    .set({ sha256: stranger })
    .where(eq(tables.catalogFiles.id, 'fil_late'));
  for (const path of ['one/summary.json', 'one/participant-studio.json', old])
    expect(await verifyStatement(context, at(path))).toMatchObject({ matches: true, whole: true });
  const { summary } = await written('later');
  expect(summary.notKnown).toEqual([]);
  const studio = await read(at('later/participant-studio.json'));
  expect(studio.references.map(({ given }) => given)).toEqual(['first', 'video']);
  await context.db.delete(tables.shotsShots).where(eq(tables.shotsShots.fileId, 'fil_late'));
  await context.db.delete(tables.catalogFiles).where(eq(tables.catalogFiles.id, 'fil_late'));
});

/** A statement as earlier versions wrote it: the audit log alone knows when. */
async function undated(): Promise<string> {
  const { digest: _, asOf: __, ...content } = await read(at('one/participant-studio.json'));
  await writeFile(at('undated.json'), JSON.stringify({ ...content, digest: digestOf(content) }));
  return 'undated.json';
}

it("is the studio's word to whoever has its public key, and nobody else's", async () => {
  const [file, key] = [at('one/participant-heirs.json'), at('one/signing-key.pem')];
  expect(await checkStatement({ file, key })).toMatchObject({ genuine: true, participant: 'heirs' });
  await writeFile(at('changed.json'), (await readFile(file, 'utf8')).replace('33.33 EUR', '63.33 EUR'));
  await copyFile(at('one/participant-heirs.json.dsse'), at('changed.json.dsse'));
  expect(await checkStatement({ file: at('changed.json'), key })).toMatchObject({
    ...{ genuine: false, problems: ['the file is not the one that was signed'] },
  });
  const { publicKey } = generateKeyPairSync('ed25519');
  await writeFile(at('other.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
  const other = checkStatement({ file, key: at('other.pem') });
  await expect(other).rejects.toMatchObject({ code: 'signature-invalid' });
  await expect(checkStatement({ file, key: file })).rejects.toMatchObject({ code: 'key-unreadable' });
});

it('that was changed is found, and so is a workspace that says otherwise', async () => {
  const path = at('one/participant-heirs.json');
  const text = await readFile(path, 'utf8');
  await writeFile(at('forged.json'), text.replace('33.33 EUR', '63.33 EUR'));
  expect(await verifyStatement(context, at('forged.json'))).toMatchObject({
    ...{ matches: false, whole: false, differences: ['amounts'] },
  });
  await addRun(context, 'succeeded', '2026-01-11T00:00:00Z', 2);
  const found = await verifyStatement(context, path);
  expect(found).toMatchObject({ matches: false, whole: true, differences: ['exposure', 'amounts'] });
});

it('does not count a training that was cancelled, or whose job was edited, and says so', async () => {
  const cancelled = await addRun(context, 'cancelled', '2026-01-12T00:00:00Z', 3);
  const edited = await addRun(context, 'succeeded', '2026-01-12T00:00:00Z', 4);
  const job = join(context.paths.runs, edited, 'job.json');
  await writeFile(job, (await readFile(job, 'utf8')).replace('"steps":5', '"steps":50'));
  await addRun(context, 'succeeded', '2026-02-01T00:00:00Z', 5);
  const { summary } = await written('two');
  expect(summary.trainings).toHaveLength(2);
  expect(summary.notKnown.join()).toContain(`${cancelled} cancelled`);
  expect(summary.notKnown.join()).toContain(`${edited}: its job was changed`);
});

it('does not count a training whose outcome the run has not marked, but one of before there were marks', async () => {
  const planted = await addRun(context, 'succeeded', '2026-01-13T00:00:00Z', 6);
  const folder = join(context.paths.runs, planted);
  await rm(join(folder, 'outcome.mark.json'));
  const { summary } = await written('three');
  expect(summary.notKnown.join()).toContain(`${planted}: its outcome bears no mark`);
  expect(summary.trainings.map(({ run }) => run)).not.toContain(planted);
  await permitWithoutKey(folder, planted);
  expect((await written('four')).summary.trainings.map(({ run }) => run)).toContain(planted);
  const job = join(folder, 'job.json');
  await writeFile(job, `${await readFile(job, 'utf8')}\n`);
  expect((await written('five')).summary.notKnown.join()).toContain(`${planted}: its outcome bears no mark`);
});

it('goes by when the marked outcome says that a training ended, not by events that anybody can write', async () => {
  const moved = await addRun(context, 'succeeded', '2026-02-14T00:00:00Z', 8, '2026-01-14T00:00:00.000Z');
  const other = await addRun(context, 'succeeded', '2026-01-14T00:00:00Z', 9, '2026-02-14T00:00:00.000Z');
  const runs = (await written('six')).summary.trainings.map(({ run }) => run);
  expect(runs).toContain(moved);
  expect(runs).not.toContain(other);
  for (const run of [moved, other]) await rm(join(context.paths.runs, run), { recursive: true });
});

describe('a training whose model was kept in the period', () => {
  const modelOf = async (runId: string, madeAt: string) => {
    const model = { id: `mdl_${runId}`, name: 'gone', kind: 'full', path: '/g', sha256: '', record: {} };
    await context.db.insert(tables.trainModels).values({ ...model, runId, madeAt: new Date(madeAt) });
  };
  const notKnown = async (to: string) => (await written(to)).summary.notKnown.join('\n');
  afterEach(() => context.db.delete(tables.trainModels).where(ne(tables.trainModels.id, 'mdl_1')));

  it('and whose folder is not there is told of', async () => {
    await modelOf('run_00000000aaaa', '2026-01-11T00:00:00Z');
    await modelOf('run_00000000bbbb', '2026-02-11T00:00:00Z');
    const said = await notKnown('folder gone');
    expect(said).toContain('Training run_00000000aaaa: its model mdl_run_00000000aaaa was kept');
    expect(said).not.toContain('run_00000000bbbb');
  });

  it('and whose folder does not tell when it ended is told of', async () => {
    const run = await addRun(context, 'succeeded', '2026-01-12T00:00:00Z', 77);
    await rm(join(context.paths.runs, run, 'events.jsonl'));
    expect(await notKnown('no model')).not.toContain(run);
    await modelOf(run, '2026-01-12T00:00:00Z');
    expect(await notKnown('no events')).toContain(run);
    await rm(join(context.paths.runs, run), { recursive: true });
  });
});

it('refuses a period that is not over and a pool that cannot be divided exactly', async () => {
  await expect(written('no', { until: '2999-01-01' })).rejects.toThrow('a period that is over');
  await expect(written('no', { from: '2026-02-01' })).rejects.toThrow('an end after the beginning');
  for (const training of [
    '{owners: 1.005 EUR}',
    '{owners: 1 EUR, performers: 1 USD}',
    '{directors: 1 EUR}',
  ]) {
    await writeFile(
      at('bad.yaml'),
      `version: 1\nname: x\nrule: exposure-1\ntraining: ${training}\nreferences: {}\n`,
    );
    await expect(written('no', { pool: at('bad.yaml') })).rejects.toMatchObject({ code: 'pool-invalid' });
  }
});
