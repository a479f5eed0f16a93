import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { type Context, type EngineRunner, fileHash, registerBase } from '../jobs/index.ts';
import { generate } from './generate.ts';
import { takeId } from './plan.ts';
import { briefSchema } from './schema.ts';
import { listTakes } from './store.ts';

const size = { frames: 5, height: 32, width: 32, fps: '12/1' };
const frames = Buffer.alloc(size.frames * size.height * size.width * 3, 90);

let context: Context;
let close: () => Promise<void>;
let model: string;

/** As the engine's door does, with one take of grey. */
const engine: EngineRunner = {
  run: async () => {
    const directory = join(context.paths.runs, 'run_1');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'take.u8'), frames);
    const made = { path: 'take.u8', sha256: await fileHash(join(directory, 'take.u8')), ...size };
    const line = { id: 'a-0', brief: 'a', candidate: 0, seed: 1, ...made };
    await writeFile(join(directory, 'takes.jsonl'), `${JSON.stringify(line)}\n`);
    const takes = { path: 'takes.jsonl', sha256: await fileHash(join(directory, 'takes.jsonl')) };
    const outcome = { status: 'succeeded' as const, result: { takes } };
    return { id: 'run_1', directory, outcome, reused: false, notices: [], mustStand: async () => {} };
  },
};

beforeAll(async () => {
  ({ context, close } = await testContext({ engine }));
  const folder = join(context.paths.root, 'open');
  await mkdir(folder);
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  model = (await registerBase(context, folder)).id;
}, 60_000);
afterAll(() => close());

const video = () => join(context.paths.takes, `${takeId('run_1', 'a', 0)}.mp4`);
const made = async () => {
  const briefs = [briefSchema.parse({ id: 'a', text: 'a fox' })];
  return (await generate(context, { briefs, model }))[0]?.videoSha256;
};

it('a video that lay where a take was to come is not taken for the take', async () => {
  await mkdir(context.paths.takes, { recursive: true });
  await writeFile(video(), 'planted');
  const sha256 = await made();
  expect(sha256).toBe(await fileHash(video()));
  expect((await readFile(video())).includes('planted')).toBe(false);
});

it('a take keeps the hash of what was made, whatever lies in its place since; where nothing does it is made again', async () => {
  const sha256 = await made();
  await writeFile(video(), 'exchanged');
  expect(await made()).toBe(sha256);
  await rm(video());
  expect(await made()).toBe(sha256);
  expect(await fileHash(video())).toBe(sha256);
  expect(await listTakes(context.db)).toMatchObject([{ videoSha256: sha256 }]);
});

it('a take says how long it is and whom it names; one that an earlier version drew says neither, also when it is asked for again', async () => {
  const said = { replicaOf: [], frames: 5, fps: '12/1' };
  expect(await listTakes(context.db)).toMatchObject([said]);
  const unsaid = { replicaOf: null, frames: null, fps: null };
  await context.db.update(tables.generateTakes).set(unsaid);
  const briefs = [briefSchema.parse({ id: 'a', text: 'a fox' })];
  expect(await generate(context, { briefs, model })).toMatchObject([unsaid]);
  expect(await listTakes(context.db)).toMatchObject([unsaid]);
});
