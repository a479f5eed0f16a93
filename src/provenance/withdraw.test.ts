import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Job } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { currentLedger, type RevokeInput } from '../rights/index.ts';
import { refuseBlocked } from '../train/index.ts';
import { auditReport } from './audit.ts';
import { checkpointsOf } from './blocks.ts';
import { clearJob } from './clear.ts';
import { writeCut } from './cut.ts';
import type { Touched, Withdrawal } from './schema.ts';
import { signTake } from './sign.ts';
import { listTasks, settleTask } from './tasks.ts';
import { withdraw } from './withdraw.ts';
import { pathsIn, withdrawalWords } from './withdrawal-words.ts';
import { addCaption, addGivenTake, fillWorkspace, hashOf, noteExits } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
let [given, framed] = ['', ''];

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  await addGivenTake(context, 'tak_given', 'harbour.mp4');
  given = join(context.paths.takes, 'given', 'frames.rgb');
  framed = join(context.paths.takes, 'first-frames', 'of a clip.png');
  for (const path of [given, framed]) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'frames of a film');
  }
  for (const name of ['harbour', 'quarry']) await addCaption(context, name, `https://${name}.example/v1`);
  await noteExits(context);
});
afterAll(() => close());

const revoking = (target: Partial<RevokeInput>, dryRun = true) =>
  withdraw(context, { territory: 'world', dryRun, ...target });
const ids = (touched: readonly Touched[], kind: Touched['kind']) =>
  touched
    .filter((item) => item.kind === kind)
    .map(({ id }) => id)
    .sort();

describe('a withdrawal that is only tried', () => {
  it('lists what the title has reached, derived models and takes that mix adapters too, and nothing else', async () => {
    const { touched, counts, ledger } = await revoking({ title: 'harbour' });
    expect(ids(touched, 'snapshot')).toEqual(['dst_harbour']);
    expect(ids(touched, 'export')).toEqual(['/exports/harbour', '/exports/heir.safetensors']);
    expect(ids(touched, 'model')).toEqual(['mdl_harbour', 'mdl_heir', 'mdl_trial', 'mdl_whole']);
    expect(ids(touched, 'forecast')).toEqual(['fct_harbour']);
    expect(ids(touched, 'take')).toEqual(['tak_given', 'tak_harbour', 'tak_heir', 'tak_mixed']);
    expect(ids(touched, 'run')).toEqual(['run_1', 'run_crisp', 'run_trial']);
    expect(ids(touched, 'checkpoint')).toEqual(['run_1/step-000002', 'run_trial/step-000001']);
    expect(ids(touched, 'cut')).toEqual(['/cuts/one.otio']);
    expect(ids(touched, 'sidecar')).toEqual(['/masters/harbour.srt']);
    expect(ids(touched, 'endpoint')).toEqual(['https://harbour.example/v1']);
    expect({ models: counts.model, ledger }).toEqual({ models: 4, ledger: null });
  });

  it('reaches a take that was given the film, where the row can have permitted that', async () => {
    const given = (await revoking({ title: 'harbour' })).touched.find(({ id }) => id === 'tak_given');
    expect(given?.via).toMatch(/^titles\/harbour, given film [0-9a-f]{64}$/);
    expect(ids((await revoking({ grant: 'g-harbour' })).touched, 'take')).not.toContain('tak_given');
    expect(ids((await revoking({ title: 'quarry' })).touched, 'take')).not.toContain('tak_given');
  });

  it('reaches a take that was given the first frame of a clip, whatever made it', async () => {
    const { db } = context;
    const path = `/takes/first-frames/${hashOf('sht_quarry-0').slice(0, 12)}.png`;
    const brief = {
      id: 'f',
      text: '',
      adapters: [],
      references: [{ role: 'first', path, sha256: hashOf('png') }],
    };
    const [like] = await db.query.generateTakes.findMany();
    await db
      .insert(tables.generateTakes)
      .values({ ...(like as NonNullable<typeof like>), id: 'tak_framed', modelId: 'mdl_base', brief });
    expect(ids((await revoking({ grant: 'g-quarry' })).touched, 'take')).toContain('tak_framed');
    expect(ids((await revoking({ grant: 'g-harbour' })).touched, 'take')).not.toContain('tak_framed');
    await db.delete(tables.generateTakes).where(eq(tables.generateTakes.id, 'tak_framed'));
  });

  it('reaches a snapshot that was frozen for a use that the grant includes', async () => {
    const { db } = context;
    const record = { options: { use: 'eval' } };
    await db
      .insert(tables.datasetSnapshots)
      .values({ id: 'dst_eval', digest: hashOf('e'), path: '/e', record });
    const clip = { snapshotId: 'dst_eval', titleId: 'ttl_quarry', split: 'train', caption: '' };
    await db.insert(tables.datasetClips).values({ ...clip, shotId: 'sht_quarry-0', clipId: hashOf('e') });
    expect(ids((await revoking({ grant: 'g-quarry' })).touched, 'snapshot')).toEqual([
      'dst_eval',
      'dst_quarry',
    ]);
    await db.delete(tables.datasetClips).where(eq(tables.datasetClips.snapshotId, 'dst_eval'));
    await db.delete(tables.datasetSnapshots).where(eq(tables.datasetSnapshots.id, 'dst_eval'));
  });

  it('names the way from the row to each thing', async () => {
    const { touched } = await revoking({ grant: 'g-harbour' });
    const heir = touched.find(({ id }) => id === 'tak_heir') as Touched;
    expect(pathsIn(touched)(heir)).toEqual([
      'grants/g-harbour, shot sht_harbour-0',
      'snapshot dst_harbour',
      'model mdl_whole',
      'model mdl_heir',
      'take tak_heir',
    ]);
  });

  it('of a person follows the shots in which the person is seen', async () => {
    const { touched } = await revoking({ consent: 'ann-agreed' });
    expect(ids(touched, 'snapshot')).toEqual(['dst_quarry']);
    expect(touched[0]?.via).toBe('appearances/seen, shot sht_quarry-0');
    expect(ids((await revoking({ party: 'ann' })).touched, 'take')).toEqual([
      'tak_heir',
      'tak_mixed',
      'tak_quarry',
    ]);
  });

  it('changes nothing', async () => {
    const before = await currentLedger(context.db);
    await revoking({ title: 'harbour' });
    expect(await readdir(join(context.paths.datasets, 'harbour'))).toContain('manifest.jsonl');
    expect(await listTasks(context.db)).toEqual([]);
    expect([existsSync(given), existsSync(framed)]).toEqual([true, true]);
    expect(await currentLedger(context.db)).toEqual(before);
  });
});

describe('a withdrawal', () => {
  let withdrawal: Withdrawal;
  beforeAll(async () => {
    withdrawal = await revoking({ title: 'harbour' }, false);
  });

  const common = (id: string) =>
    ({ version: 1, id, engine: hashOf('engine'), seed: 1, threads: 1, device: 'cpu' }) as const;
  const generating = (...models: string[]): Job => {
    const [base = '', ...adapters] = models.map((id) => ({ path: `/models/${id}`, sha256: hashOf(id) }));
    const nothing = { first: null, last: null, video: null, strength: null };
    const brief = { id: 'b', mode: 'text' as const, ...nothing, candidates: 1, seed: 1 };
    return {
      ...{
        ...common('run_3'),
        kind: 'generate',
        ...{ texts: hashOf(''), base: base as { path: string; sha256: string } },
      },
      ...{ adapters: adapters.map((adapter) => ({ ...adapter, weight: 1 })), briefs: [brief] },
      ...{ sampling: { steps: 1, guidance: 1, shift: 1 }, size: null, batch: 1, precision: 'fp32' },
    };
  };

  it('blocks: its models generate no more, its takes are neither signed nor cut; all others go on', async () => {
    const cut = join(context.paths.root, 'cut.otio');
    await expect(clearJob(context.db, generating('mdl_base', 'mdl_harbour'))).rejects.toThrow(
      'titles/harbour',
    );
    await expect(clearJob(context.db, generating('mdl_whole'))).rejects.toMatchObject({ code: 'blocked' });
    await expect(signTake(context, 'tak_mixed')).rejects.toMatchObject({ code: 'blocked' });
    await expect(writeCut(context, ['tak_base', 'tak_heir'], cut)).rejects.toMatchObject({ code: 'blocked' });
    expect(await clearJob(context.db, generating('mdl_base', 'mdl_quarry'))).toEqual([]);
  });

  it('blocks the way out: no adapter is exported, no training goes on from a checkpoint that saw the clips', async () => {
    const input = (id: string) => ({ path: `/models/${id}`, sha256: hashOf(id) });
    const exporting = (id: string): Job => ({
      ...{
        ...common('run_4'),
        kind: 'export-adapter',
        base: input('mdl_base'),
        adapter: input(id),
        style: 'diffusers',
      },
    });
    await expect(clearJob(context.db, exporting('mdl_harbour'))).rejects.toMatchObject({ code: 'blocked' });
    expect(await clearJob(context.db, exporting('mdl_quarry'))).toEqual([]);
    const from = (run: string) =>
      checkpointsOf({ kind: 'train', resumeFrom: input(`../runs/${run}/checkpoints/step-000002`) } as Job);
    await expect(refuseBlocked(context.db, from('run_1'))).rejects.toMatchObject({ code: 'blocked' });
    await refuseBlocked(context.db, from('run_9'));
  });

  it('removes clips and captions and leaves a signed record that they were there', async () => {
    expect(withdrawal.purged).toEqual(['dst_harbour']);
    const folder = join(context.paths.datasets, 'harbour');
    expect((await readdir(folder)).sort()).toEqual(['deletion.json', 'snapshot.json']);
    const envelope = JSON.parse(await readFile(join(folder, 'deletion.json'), 'utf8'));
    expect(JSON.parse(Buffer.from(envelope.payload, 'base64').toString())).toMatchObject({
      ...{ snapshot: hashOf('harbour\n'), withdrawal: 'titles/harbour' },
      files: [{ name: 'manifest.jsonl', bytes: 8 }],
    });
    const clips = await context.db.query.datasetClips.findMany();
    expect(clips.map(({ caption }) => caption).sort()).toEqual(['', '', 'a pier', 'a pier']);
    expect(await readdir(join(context.paths.datasets, 'quarry'))).toContain('manifest.jsonl');
  });

  it('asks what runs to stop, opens tasks with a day and remedies, and is in the audit log', async () => {
    const { cancelled, tasks } = withdrawal;
    expect(cancelled).toEqual(['run_1']);
    expect(await readdir(join(context.paths.runs, 'run_1'))).toContain('cancel');
    expect(tasks.map(({ subject }) => subject)).toContain('model mdl_harbour');
    expect(tasks.find(({ subject }) => subject === 'model mdl_harbour')?.what).toContain(
      'remove the adapter',
    );
    expect(await listTasks(context.db)).toHaveLength(tasks.length);
    const { listed, intact } = await auditReport(context, 11);
    const exits = 'rights.import provenance.cut dataset.export adapter.export adapter.export';
    const acts = 'provenance.block rights.revoke provenance.purge assess.purge dataset.purge shots.purge';
    expect(listed.map(({ what }) => what).join(' ')).toBe(`${exits} ${acts}`);
    expect(intact).toBe(true);
  });

  it('removes what trials of a forecast have learned, keeps what was measured, and has the forecast made anew', async () => {
    const run = join(context.paths.runs, 'run_trial');
    expect(withdrawal.trials).toEqual(['mdl_trial']);
    expect((await readdir(run)).sort()).toEqual(['deletion.json', 'outcome.json']);
    const envelope = JSON.parse(await readFile(join(run, 'deletion.json'), 'utf8'));
    expect(JSON.parse(Buffer.from(envelope.payload, 'base64').toString()).files).toEqual([
      { name: 'adapter/weights.safetensors', bytes: 7 },
      { name: 'checkpoints/step-000001/weights.safetensors', bytes: 7 },
    ]);
    await expect(clearJob(context.db, generating('mdl_trial'))).rejects.toMatchObject({ code: 'blocked' });
    const what = new Map(withdrawal.tasks.map((task) => [task.subject, task.what]));
    expect(what.get('forecast fct_harbour')).toContain('assess the dataset again');
    expect(what.get('model mdl_trial')).toContain('It is retired');
  });

  it('removes frames that takes were given, and the pictures of its shots and of no others', async () => {
    expect(withdrawal.thumbnails).toBe(2);
    expect([existsSync(given), existsSync(framed)]).toEqual([false, false]);
    expect((await readdir(context.paths.thumbnails)).sort()).toEqual([
      'sht_quarry-0.jpg',
      'sht_quarry-1.jpg',
    ]);
    const shots = await context.db.query.shotsShots.findMany();
    const left = shots.filter(({ thumbnail }) => thumbnail !== null).map(({ id }) => id);
    expect(left.sort()).toEqual(['sht_quarry-0', 'sht_quarry-1']);
    const prints = await context.db.query.shotsPrints.findMany();
    expect(prints.map(({ shotId, grids }) => [shotId, grids.length]).sort()).toEqual([
      ['sht_harbour-0', 0],
      ['sht_harbour-1', 0],
      ['sht_quarry-0', 336],
      ['sht_quarry-1', 336],
    ]);
  });

  it('takes away what was written of its shots, and asks for what an endpoint holds of them', async () => {
    const captions = await context.db
      .select()
      .from(tables.datasetCaptions)
      .orderBy(tables.datasetCaptions.id);
    expect(captions.map(({ caption }) => caption)).toEqual(['', 'a pier of quarry']);
    const sent = withdrawal.tasks.filter(({ subject }) => subject === 'endpoint https://harbour.example/v1');
    expect(sent).toMatchObject([{ what: expect.stringContaining('delete the pictures') }]);
  });

  it('asks for what was exported: clips of a dataset, and the file of an adapter that was made from a touched model', () => {
    const what = new Map(withdrawal.tasks.map((task) => [task.subject, task.what]));
    expect(what.get('export /exports/harbour')).toContain('Delete the exported clips');
    expect(what.get('export /exports/heir.safetensors')).toContain('Delete the exported adapter');
    expect(withdrawal.touched.find(({ id }) => id.endsWith('heir.safetensors'))?.via).toBe('mdl_heir');
  });

  it('leaves tasks that a person settles once, with the evidence; what is blocked stays blocked', async () => {
    const [task] = (await listTasks(context.db)).filter(({ subject }) => subject === 'model mdl_harbour');
    const settling = { task: task?.id ?? '', evidence: 'retired, letter of 3 May', by: 'Lea Counsel' };
    const settled = await settleTask(context, settling);
    expect(settled.done).toMatchObject({ by: 'Lea Counsel', evidence: 'retired, letter of 3 May' });
    expect((await listTasks(context.db)).map(({ id }) => id)).not.toContain(task?.id);
    expect((await listTasks(context.db, true)).map(({ id }) => id)).toContain(task?.id);
    await expect(settleTask(context, settling)).rejects.toThrow('settled');
    await expect(settleTask(context, { ...settling, task: 'tsk_none' })).rejects.toMatchObject({
      code: 'no-such-task',
    });
    expect((await auditReport(context, 1)).listed[0]).toMatchObject({
      ...{ what: 'provenance.settle', subject: task?.id },
    });
    await expect(clearJob(context.db, generating('mdl_base', 'mdl_harbour'))).rejects.toThrow(
      'titles/harbour',
    );
  });

  it('never says that a model forgets', async () => {
    const words = withdrawalWords(withdrawal);
    expect(words).toContain('nothing here makes it forget');
    expect(words).toContain('Retire it');
  });
});
