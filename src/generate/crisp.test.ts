import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Context, EngineRunner } from '../jobs/index.ts';
import type { Model } from '../train/index.ts';
import { crispTakes } from './crisp.ts';
import { writeVideo } from './video.ts';

const upscaler: Model = {
  ...{ id: 'mdl_up', name: 'upscaler', kind: 'upscaler', path: '/weights', sha256: 'a'.repeat(64) },
  ...{ baseId: null, snapshotId: null, runId: null, record: {} },
};
const line = { id: 'b-0', brief: 'b', candidate: 0, seed: 1, path: 'upscaled/0000-000.u8', sha256: 'b' };
const size = { frames: 1, height: 8, width: 8, fps: '12/1' };

let folder: string;
let runs: number;
let marked: string;
const written = `${JSON.stringify({ ...line, ...size })}\n`;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  await writeFile(join(folder, 'takes.jsonl'), 'takes');
  runs = 0;
});

/** As the engine's door does: a run that has its outcome is not run again. */
const engine: EngineRunner = {
  run: async () => {
    const directory = join(folder, 'run');
    const done = existsSync(join(directory, 'upscaled.jsonl'));
    if (!done) {
      runs++;
      await mkdir(join(directory, 'upscaled'), { recursive: true });
      await writeFile(join(directory, line.path), Buffer.alloc(192, runs));
      await writeFile(join(directory, 'upscaled.jsonl'), written);
      marked = createHash('sha256').update(written).digest('hex');
    }
    const takes = { path: 'upscaled.jsonl', sha256: marked };
    const outcome = { status: 'succeeded' as const, result: { takes } };
    return { id: 'run', directory, outcome, reused: done, notices: [], mustStand: async () => {} };
  },
};

const context = { engine, report: () => {}, signal: new AbortController().signal } as unknown as Context;
const crisp = () =>
  crispTakes(context, { path: join(folder, 'takes.jsonl'), sha256: 'c'.repeat(64) }, upscaler);

test('frames are kept until their videos are made, and no longer', async () => {
  const made = await crisp();
  const path = join(made.directory, made.lines[0]?.path ?? '');
  expect((await readFile(path)).length).toBe(192);
  await made.forget();
  expect(existsSync(path)).toBe(false);
});

test('frames of a run that another process was stopped in are used, forgotten ones made again', async () => {
  await crisp();
  const made = await crisp();
  expect(runs).toBe(1);
  await made.forget();
  const again = await crisp();
  expect(runs).toBe(2);
  expect(existsSync(join(again.directory, line.path))).toBe(true);
});

test('lines that somebody else wrote in their place are refused', async () => {
  await crisp();
  await writeFile(join(folder, 'run', 'upscaled.jsonl'), written.replace('"seed":1', '"seed":2'));
  await expect(crisp()).rejects.toMatchObject({ code: 'takes-altered' });
});

test('frames that somebody else put in the place of a take become no video', async () => {
  const made = await crisp();
  const [first] = made.lines;
  if (!first) throw new Error('no take');
  const video = writeVideo(first, made.directory, join(folder, 'take.mp4'));
  await expect(video).rejects.toMatchObject({ code: 'takes-altered' });
  expect(existsSync(join(folder, 'take.mp4'))).toBe(false);
});
