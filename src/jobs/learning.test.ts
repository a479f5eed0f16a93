import { expect, it } from 'vitest';
import { trainingSchema } from '../contract/training.ts';
import type { EngineRunResult, JobDraft } from './engine-process.ts';
import { learn } from './learning.ts';

/** The jobs that a wish asks of the engine. */
async function jobsOf(wish: object): Promise<JobDraft[]> {
  const asked: JobDraft[] = [];
  const run = async (draft: JobDraft) => {
    asked.push(draft);
    const outcome = { status: 'succeeded', result: { secondsPerStep: 1 } } as const;
    return { id: 'run_1', directory: '', outcome, reused: false, notices: [] } satisfies EngineRunResult;
  };
  const signal = new AbortController().signal;
  const lesson = {
    dataset: { path: '/nowhere', digest: 'a' },
    base: { path: '/nowhere', sha256: 'a' },
    training: trainingSchema.parse(wish),
    subset: null,
    captions: [],
  };
  await learn({ engine: { run }, report: () => {}, signal }, lesson);
  return asked;
}

it('training and the preflight that times it share their steps among as many processes as were asked for', async () => {
  expect(await jobsOf({ seconds: 10, processes: 2 })).toMatchObject([
    { kind: 'preflight', processes: 2 },
    { kind: 'train', processes: 2 },
  ]);
});

it('one process works alone where nothing is said', async () => {
  expect(await jobsOf({ steps: 3 })).toMatchObject([{ kind: 'train', processes: 1 }]);
});

it('processes that a batch does not divide by are refused before anything is asked of the engine', async () => {
  await expect(jobsOf({ steps: 3, batch: 32, processes: 3 })).rejects.toThrow('Ask for a batch of 33');
});
