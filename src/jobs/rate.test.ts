import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Training } from '../contract/index.ts';
import { SHIPPED_BASE } from './base.ts';
import { rateOf, refuseOtherRate } from './rate.ts';

const SIZE = { frames: 17, height: 64, width: 96 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot rate '));
});
afterAll(() => rm(folder, { recursive: true }));

async function clipsAt(fps: string) {
  const path = join(folder, fps.replace('/', ' by '));
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'manifest.jsonl'), `${JSON.stringify({ ...SIZE, fps })}\n`);
  return { path, digest: 'a' };
}

/** A folder of files, as a base. */
async function baseOf(files: Record<string, string>): Promise<{ path: string }> {
  const path = await mkdtemp(join(folder, 'base '));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return { path };
}

const wan = (index: object) =>
  baseOf({ 'model_index.json': JSON.stringify({ _class_name: 'WanPipeline', ...index }) });

const learn = async (fps: string, base: { path: string }, method: Training['method'] = 'lora') =>
  refuseOtherRate({ dataset: await clipsAt(fps), base, training: { method } });

it('clips at another rate than the base are refused, with both rates and how to freeze them', async () => {
  const shipped = { path: SHIPPED_BASE };
  await expect(learn('24/1', shipped)).rejects.toMatchObject({
    code: 'dataset-mismatch',
    message: expect.stringMatching(/12\/1.*24\/1.*--fps 12\/1.*without --base/s),
  });
  await expect(learn('12000/1001', shipped, 'full')).rejects.toThrow('12/1');
  await learn('12/1', shipped);
  await learn('12', shipped);
});

it('a model from scratch takes the rate of its clips', async () => {
  await learn('24/1', { path: SHIPPED_BASE }, 'scratch');
});

it('an open base learns from clips at the rate that its makers name', async () => {
  const [one, ofEach] = [await wan({}), await wan({ expand_timesteps: true })];
  expect([await rateOf(one), await rateOf(ofEach)]).toEqual(['16/1', '24/1']);
  await expect(learn('12/1', one)).rejects.toThrow('16/1');
  await learn('16/1', one);
  await learn('24/1', ofEach);
});

it('of a base that the engine does not open no rate is told: it is refused by name there', async () => {
  const other = await wan({ _class_name: 'LTXPipeline' });
  expect(await rateOf(other)).toBeNull();
  await learn('12/1', other);
});

it('a codec whose rate is none is left to the engine, which names the field', async () => {
  await learn('12/1', await baseOf({ 'codec/config.json': '{"fps": "x"}' }));
});

it('files of a base or a dataset that are no JSON are left to the engine, which names them', async () => {
  const [index, codec] = [
    await baseOf({ 'model_index.json': '{' }),
    await baseOf({ 'codec/config.json': '{' }),
  ];
  expect([await rateOf(index), await rateOf(codec)]).toEqual([null, null]);
  const { path } = await baseOf({ 'manifest.jsonl': '{\n' });
  await refuseOtherRate({
    dataset: { path, digest: 'a' },
    base: { path: SHIPPED_BASE },
    training: { method: 'lora' },
  });
});
