import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SCRATCH_SHAPE } from '../contract/index.ts';
import { trainingSchema } from '../contract/training.ts';
import { baseInput } from './base.ts';
import { resolved } from './recipe.ts';
import { refuseUnfit } from './unfit.ts';

const lesson = (wish: object, path = '/nowhere') => ({
  dataset: { path: '/nowhere', digest: 'a' },
  base: { path, sha256: 'a' },
  training: trainingSchema.parse(wish),
  subset: null,
  captions: [],
});

const learning = (wish: object) => resolved(lesson(wish));

/** All else of a job that says how to learn: a field that is not named here is one too many. */
const ALWAYS = {
  ...{
    seed: 1,
    dataset: { path: '/nowhere', digest: 'a' },
    base: { path: '/nowhere', sha256: 'a' },
    subset: null,
  },
  ...{ prior: null, batch: 32, processes: 1, emaDecay: 0.98, captionDropout: 0.1, givenShare: 0.3 },
  ...{ shift: 3, mirror: true, precision: 'bf16', latents: null, knownWords: null },
};

it('what is not said stays as it was before it could be said: an adapter', async () => {
  expect(await learning({})).toEqual({
    ...{ ...ALWAYS, method: 'lora', shape: null, lora: { rank: 32, alpha: 32, words: true, wordRate: 5 } },
    optimizer: {
      ...{ name: 'adamw', rate: 4e-3, weightDecay: 0, warmupSteps: 20, decayFrom: 0.5, clipNorm: 1 },
    },
  });
});

it('what is not said stays as it was before it could be said: a model from scratch', async () => {
  expect(await learning({ method: 'scratch' })).toEqual({
    ...{ ...ALWAYS, method: 'scratch', lora: null },
    shape: { width: 192, depth: 6, heads: 3, words: 4096, captionWords: 24 },
    optimizer: {
      ...{ name: 'muon', rate: 4e-3, weightDecay: 0.02, warmupSteps: 20, decayFrom: 0.5, clipNorm: 1 },
    },
  });
});

it('what is said reaches the engine, and nothing else changes', async () => {
  const optimizer = { weightDecay: 0.1, warmupSteps: 0, decayFrom: 1, clipNorm: 0.5 };
  const others = { emaDecay: 0, captionDropout: 0, shift: 5, precision: 'fp32' };
  const usual = await learning({});
  expect(await learning({ ...optimizer, ...others, wordRate: 2 })).toEqual({
    ...{ ...usual, ...others, lora: { ...usual.lora, wordRate: 2 } },
    optimizer: { ...usual.optimizer, ...optimizer },
  });
  const size = { width: 64, depth: 2, heads: 2 };
  const { shape } = await learning({ method: 'scratch', ...size });
  expect(shape).toEqual({ ...SCRATCH_SHAPE, ...size });
});

it.each([
  [{ width: 100 }, /width: expected nothing, as the method is lora.*--method scratch/],
  [{ method: 'full', heads: 4 }, /heads: expected nothing, as the method is full/],
  [{ method: 'full', wordRate: 2 }, /wordRate: expected nothing, as the method is full/],
  [{ method: 'full', rank: 8 }, /rank: expected nothing, as the method is full, found 8.*--rank/],
  [{ method: 'scratch', prior: 0 }, /prior: expected nothing, as the method is scratch, found 0.*--prior/],
  [{ seconds: 9, steps: 3 }, /seconds: expected nothing, as --steps 3 is asked for, found 9.*--seconds/],
  [{ method: 'scratch', width: 100 }, /width: expected a width that 3 heads divide, found 100.*102/],
  [{ method: 'scratch', heads: 5 }, /a width that 5 heads divide, found 192.*195/],
  [{ warmupSteps: 30, steps: 20 }, /warmupSteps: expected at most the 20 steps.*--warmup-steps 2/],
])('%j cannot be, and it is said what can', async (wish, said) => {
  await expect(refuseUnfit(lesson(wish))).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(said),
  });
});

it('what can be is not refused, and a rise that nobody asked for may be longer than the training', async () => {
  for (const wish of [
    { method: 'scratch', width: 64, heads: 2 },
    { steps: 3 },
    { warmupSteps: 20, steps: 20 },
    { wordRate: 2 },
    { rank: 8, prior: 0.5, seconds: 9 },
    { method: 'full', seconds: 9 },
  ])
    await refuseUnfit(lesson(wish));
});

it('a share of worlds is refused where no worlds came with the base, and none is not', async () => {
  await expect(learning({ prior: 0.5 })).rejects.toThrow(/prior: expected 0 or nothing, .*found 0\.5/);
  expect(await learning({ prior: 0 })).toEqual(await learning({}));
});

it("the words that the shipped base knows go to its adapters alone, so that names in those words' rows are learned", async () => {
  const shipped = { ...lesson({}), base: await baseInput() };
  expect((await resolved(shipped)).knownWords).toEqual(expect.arrayContaining(['fellow', 'sunset']));
  const scratch = trainingSchema.parse({ method: 'scratch' });
  expect((await resolved({ ...shipped, training: scratch })).knownWords).toBeNull();
  expect((await learning({})).knownWords).toBeNull();
});

it('a model that is narrower than the tokens of its codec is refused, one as wide is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot narrow base '));
  await mkdir(join(folder, 'codec'));
  await writeFile(join(folder, 'codec', 'config.json'), '{"components": 96}');
  const scratch = (width: number) => refuseUnfit(lesson({ method: 'scratch', width, heads: 1 }, folder));
  await expect(scratch(95)).rejects.toThrow(/width: expected at least 96, .*found 95.*--width 96/);
  await scratch(96);
  await rm(folder, { recursive: true });
});

it.each([{ clipNorm: 1e7 }, { warmupSteps: 1e9 }, { seconds: 1e300 }])(
  '%j is no sensible size of it',
  (wish) => {
    expect(trainingSchema.safeParse(wish).success).toBe(false);
  },
);

it('an open base, which reads words by itself, takes no rate for them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot open base '));
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  await expect(refuseUnfit(lesson({ wordRate: 2 }, folder))).rejects.toThrow('reads words by itself');
  await refuseUnfit(lesson({}, folder));
  await rm(folder, { recursive: true });
});
