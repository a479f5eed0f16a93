import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../contract/index.ts';
import {
  encodeDraft,
  ends,
  type FakeEngine,
  failureOf,
  fakeEngine,
  trainDraft,
} from './engine.test-support.ts';
import { draftToJob, type JobDraft } from './engine-process.ts';
import { engineVersion, folderHash } from './hash.ts';

let fake: FakeEngine;
const engine = await engineVersion();
const jobOf = (draft: JobDraft) => draftToJob(draft, engine);
const succeeds = ends({ status: 'succeeded', result: { clips: 3 } });

beforeEach(async () => {
  fake = await fakeEngine();
});
afterEach(() => fake.remove());

/** A checkpoint in the folder of the draft's run. */
async function checkpointOf(draft: JobDraft) {
  const path = join(fake.runs, jobOf(draft).id, 'checkpoints', 'step-000002');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'state.json'), '{"step": 2}');
  return { path, sha256: await folderHash(path) };
}

describe('a run that has failed', () => {
  it('is tried again when asked again; the failed try is kept aside', async () => {
    await fake.becomes(ends({ status: 'failed', code: 'x', message: 'm', retryable: false, hint: 'h' }));
    await failureOf(fake.engine.run(encodeDraft(1)));
    await fake.becomes(succeeds);
    const { id } = await fake.engine.run(encodeDraft(1));
    expect((await readdir(fake.runs)).sort()).toEqual([id, `${id}.attempt-1`]);
  });

  it('goes on in the same directory where all that it lacked was room; what it ended with is kept', async () => {
    const full = { status: 'failed', code: 'disk-full', message: 'm', retryable: true, hint: 'it goes on' };
    await fake.becomes(`echo half >> "$dir/half-done"; ${ends(full)}`);
    for (const _ of ['twice', 'full']) await failureOf(fake.engine.run(encodeDraft(1)));
    await fake.becomes(`test -f "$dir/half-done" && ${succeeds}`);
    const { directory, outcome } = await fake.engine.run(encodeDraft(1));
    expect(outcome.result.clips).toBe(3);
    expect(await readFile(join(directory, 'half-done'), 'utf8')).toBe('half\nhalf\n');
    for (const n of [1, 2])
      expect(JSON.parse(await readFile(join(directory, `outcome.attempt-${n}.json`), 'utf8'))).toEqual(full);
  });

  it('goes on in the same directory where it left no outcome', async () => {
    await fake.becomes('echo half > "$dir/half-done"; exit 1');
    await failureOf(fake.engine.run(encodeDraft(1)));
    await fake.becomes(`test -f "$dir/half-done" && ${succeeds}`);
    const { directory } = await fake.engine.run(encodeDraft(1));
    expect(existsSync(join(directory, 'half-done'))).toBe(true);
  });
});

describe('a cancelled run of training', () => {
  it('is continued by a new run that names the checkpoint', async () => {
    const checkpoint = await checkpointOf(trainDraft(1));
    await fake.becomes(ends({ status: 'cancelled', resumeFrom: checkpoint }));
    await failureOf(fake.engine.run(trainDraft(1)));
    await fake.becomes(succeeds);
    const { id, directory } = await fake.engine.run(trainDraft(1));
    expect(id).toBe(jobOf({ ...trainDraft(1), resumeFrom: checkpoint }).id);
    expect(JSON.parse(await readFile(join(directory, 'job.json'), 'utf8')).resumeFrom).toEqual(checkpoint);
    expect((await fake.engine.run(trainDraft(1))).reused).toBe(true);
  });

  it('goes on in its own directory where the checkpoint that it names is damaged', async () => {
    const checkpoint = await checkpointOf(trainDraft(1));
    await fake.becomes(ends({ status: 'cancelled', resumeFrom: checkpoint }));
    await failureOf(fake.engine.run(trainDraft(1)));
    await writeFile(join(checkpoint.path, 'state.json'), '{"step": 3}');
    await fake.becomes(succeeds);
    const told: RunEvent[] = [];
    const { id } = await fake.engine.run(trainDraft(1), (event) => told.push(event));
    expect(id).toBe(jobOf(trainDraft(1)).id);
    expect(told[0]).toMatchObject({ type: 'notice', code: 'checkpoint-damaged' });
  });

  /** The run is cancelled, and the one that goes on from it becomes `next`; then the checkpoint that it went on from goes. */
  async function afterItsCheckpoint(next: string) {
    const checkpoint = await checkpointOf(trainDraft(1));
    await fake.becomes(ends({ status: 'cancelled', resumeFrom: checkpoint }));
    await failureOf(fake.engine.run(trainDraft(1)));
    await fake.becomes(next);
    await fake.engine.run(trainDraft(1)).catch(() => {});
    await rm(checkpoint.path, { recursive: true });
    await fake.becomes(succeeds);
    const { id, reused } = await fake.engine.run(trainDraft(1));
    return { isNext: id === jobOf({ ...trainDraft(1), resumeFrom: checkpoint }).id, reused };
  }

  it('needs that checkpoint no more once the run that went on has its own', async () => {
    const ended = await afterItsCheckpoint('mkdir -p "$dir/checkpoints/step-000003"; exit 1');
    expect(ended).toEqual({ isNext: true, reused: false });
  });

  it('needs that checkpoint no more once the run that went on has succeeded before one of its own was due', async () => {
    expect(await afterItsCheckpoint(succeeds)).toEqual({ isNext: true, reused: true });
  });

  it('goes on in its own directory where the run that went on was killed while it wrote its first checkpoint', async () => {
    const ended = await afterItsCheckpoint('mkdir -p "$dir/checkpoints/.step-000003.tmp"; exit 1');
    expect(ended).toEqual({ isNext: false, reused: false });
  });
});
