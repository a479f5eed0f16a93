import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Context, EngineRunner } from '../jobs/index.ts';
import type { Model } from '../train/index.ts';
import { crispTakes } from './crisp.ts';

const upscaler: Model = {
  ...{ id: 'mdl_up', name: 'upscaler', kind: 'upscaler', path: '/weights', sha256: 'a'.repeat(64) },
  ...{ baseId: null, snapshotId: null, runId: null, record: {} },
};
const line = { id: 'b-0', brief: 'b', candidate: 0, seed: 1, path: 'upscaled/0000-000.u8', sha256: 'b' };
const size = { frames: 1, height: 8, width: 8, fps: '12/1' };

let folder: string;
let runs: number;
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
      await writeFile(join(directory, 'upscaled.jsonl'), `${JSON.stringify({ ...line, ...size })}\n`);
    }
    const outcome = { status: 'succeeded' as const, result: {} };
    return { id: 'run', directory, outcome, reused: done, notices: [] };
  },
};

const context = { engine, report: () => {}, signal: new AbortController().signal } as unknown as Context;
const crisp = () => crispTakes(context, join(folder, 'takes.jsonl'), upscaler);

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
