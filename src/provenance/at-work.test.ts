import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { assess } from '../assess/index.ts';
import { assessInputSchema } from '../assess/schema.ts';
import type { Job } from '../contract/index.ts';
import { freezeOptionsSchema } from '../dataset/schema.ts';
import { tables } from '../db/index.ts';
import { briefSchema, generate, listTakes } from '../generate/index.ts';
import { takeId } from '../generate/plan.ts';
import { type Context, fileHash, type JobDraft, keepModel } from '../jobs/index.ts';
import type { RevokeInput } from '../rights/index.ts';
import { trainInputSchema } from '../train/schema.ts';
import { listModels } from '../train/store.ts';
import { train } from '../train/train.ts';
import { refuseTakes } from './blocks.ts';
import { clearJob } from './clear.ts';
import { interrupted } from './interrupted.test-support.ts';
import { retireModel } from './retire.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
let arm = () => {};
const size = { frames: 5, height: 32, width: 32, fps: '12/1' };

/** As the engine's door does: what it makes is done when it answers. */
async function run(draft: JobDraft) {
  const directory = join(context.paths.runs, `run_${draft.kind}`);
  await mkdir(join(directory, 'adapter'), { recursive: true });
  const write = async (name: string, content: string | Buffer) => {
    await writeFile(join(directory, name), content);
    return { path: name, sha256: await fileHash(join(directory, name)) };
  };
  const frames = await write('take.u8', Buffer.alloc(size.frames * size.height * size.width * 3, 90));
  const line = { id: 'a-0', brief: 'a', candidate: 0, seed: 1, ...frames, ...size };
  const takes = await write('takes.jsonl', `${JSON.stringify(line)}\n`);
  await write('adapter/weights.safetensors', 'learned');
  const heldoutByClip = [{ scene: 's', loss: 1 }];
  const result = {
    takes,
    secondsPerStep: 1,
    model: { path: 'adapter', sha256: hashOf('learned') },
    heldoutByClip,
  };
  const mustStand = async () => void (await clearJob(context.db, draft as Job));
  arm();
  const outcome = { status: 'succeeded' as const, result };
  return { id: `run_${draft.kind}`, directory, outcome, reused: false, notices: [], mustStand };
}

beforeAll(async () => {
  ({ context, close } = await testContext({ engine: { run } }));
  await fillWorkspace(context);
  const path = join(context.paths.root, 'open');
  await mkdir(path);
  await writeFile(join(path, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  const base = eq(tables.trainModels.id, 'mdl_base');
  await context.db.update(tables.trainModels).set({ path }).where(base);
  for (const name of ['harbour', 'quarry']) await describeSnapshot(name);
}, 240_000);
afterAll(() => close());

/** As a freeze would have recorded it. */
async function describeSnapshot(name: string): Promise<void> {
  const options = { ...freezeOptionsSchema.parse({ asOf: '2026-05-01' }), stride: 8 };
  const record = {
    ...{ version: 1, digest: hashOf(`${name}\n`), options, clips: { train: 8, heldout: 1 } },
    ...{ captions: {}, files: {}, notices: [], sources: [], titles: [], skipped: { shots: {}, clips: {} } },
    rights: { ledger: null, ruleVersion: '1', outcomes: {}, reasons: {} },
  };
  const named = eq(tables.datasetSnapshots.id, `dst_${name}`);
  await context.db.update(tables.datasetSnapshots).set({ record }).where(named);
}

/** The workspace in which a row is withdrawn once the engine has ended, before anything of that is recorded. */
function withdrawing(target: Partial<RevokeInput>): Context {
  const at = interrupted(context, (to) => withdraw(to, { territory: 'world', dryRun: false, ...target }));
  arm = at.arm;
  return at.context;
}

const learned = async () =>
  (await listModels(context.db)).flatMap(({ id, kind }) => (kind === 'base' ? [] : [id])).sort();
const naming = (row: string) => ({ message: expect.stringContaining(row) });
const weights = (run: string) => existsSync(join(context.paths.runs, run, 'adapter'));
const deletion = (run: string) => readFile(join(context.paths.runs, run, 'deletion.json'), 'utf8');

it('takes that are drawn while their permission is withdrawn are not kept, nor are their videos', async () => {
  const adapters = [{ id: 'mdl_quarry', weight: 1 }];
  const briefs = [briefSchema.parse({ id: 'a', text: 'a fox', adapters })];
  const before = await listTakes(context.db);
  const drawn = generate(withdrawing({ consent: 'ann-takes' }), { briefs, model: 'mdl_base' });
  await expect(drawn).rejects.toMatchObject(naming('consents/ann-takes'));
  expect(await listTakes(context.db)).toEqual(before);
  expect(existsSync(join(context.paths.takes, `${takeId('run_generate', 'a', 0)}.mp4`))).toBe(false);
});

it('a trial of which the dataset is withdrawn meanwhile is not kept, and what it learned goes at once', async () => {
  const before = await learned();
  const input = assessInputSchema.parse({ dataset: 'dst_quarry' });
  const forecast = assess(withdrawing({ consent: 'ann-agreed' }), input);
  await expect(forecast).rejects.toMatchObject(naming('consents/ann-agreed'));
  expect(await learned()).toEqual(before);
  expect(weights('run_train')).toBe(false);
  await deletion('run_train');
});

it('a model of which the grant is withdrawn when it has learned is not kept, and its weights go with a signed record', async () => {
  const before = await learned();
  const wish = { dataset: 'dst_harbour', steps: 1, prior: 0 };
  const model = train(withdrawing({ grant: 'g-harbour' }), trainInputSchema.parse(wish));
  await expect(model).rejects.toMatchObject({ code: 'blocked', ...naming('grants/g-harbour') });
  expect(await learned()).toEqual(before);
  expect(weights('run_train')).toBe(false);
  const { payload } = JSON.parse(await deletion('run_train'));
  expect(Buffer.from(payload, 'base64').toString()).toContain('grants/g-harbour');
});

it('what was recorded after a withdrawal has looked and before it blocks is reached as well', async () => {
  const { generateTakes } = tables;
  const late = interrupted(context, async ({ db }) => {
    const [take] = await db.select().from(generateTakes).where(eq(generateTakes.id, 'tak_harbour'));
    await db.insert(generateTakes).values({ ...(take as NonNullable<typeof take>), id: 'tak_late' });
  });
  late.arm();
  const { touched } = await withdraw(late.context, { territory: 'world', dryRun: false, title: 'harbour' });
  expect(touched.map(({ id }) => id)).toContain('tak_late');
  await expect(refuseTakes(context.db, ['tak_late'])).rejects.toMatchObject({ code: 'blocked' });
});

it('a training that comes to be a model which was retired says so, and not that it has made one', async () => {
  const id = `mdl_${hashOf('learned').slice(0, 12)}`;
  const kept = { id, name: 'before', kind: 'adapter', path: '/before', sha256: hashOf('learned') };
  await keepModel(context, {
    ...kept,
    ...{ baseId: 'mdl_base', snapshotId: 'dst_quarry', runId: 'run_0', record: {} },
  });
  await retireModel(context, { model: id, reason: 'letter of 3 May', dryRun: false });
  const again = train(context, trainInputSchema.parse({ dataset: 'dst_quarry', steps: 1, prior: 0 }));
  await expect(again).rejects.toMatchObject({
    code: 'model-retired',
    message: expect.stringContaining('frozen on another day'),
  });
});
