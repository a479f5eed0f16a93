import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JobInput } from '../contract/index.ts';
import { trainingSchema } from '../contract/training.ts';
import { baseInput } from './base.ts';
import type { WorkspacePaths } from './context.ts';
import type { EngineRunResult, JobDraft } from './engine-process.ts';
import { learn, stepsFor } from './learning.ts';
import { keptLatents } from './recipe.ts';
import { workspacePaths } from './workspace.ts';

const NOWHERE: JobInput = { path: '/nowhere', sha256: 'a' };

/** What a preflight answers. */
const FOUND = {
  ...{ secondsPerStep: 0.5, setupSeconds: 4, evaluationSeconds: 2, clips: 142, heldoutClips: 40 },
  ...{ estimatedBytes: 900 * 2 ** 20, freeBytes: 12 * 2 ** 30 },
  ...{ diskBytes: 61 * 2 ** 20, freeDiskBytes: 48 * 2 ** 30 },
};

const lessonOf = (wish: object, base: JobInput = NOWHERE, dataset = '/nowhere') => ({
  dataset: { path: dataset, digest: 'a' },
  base,
  training: trainingSchema.parse(wish),
  subset: null,
  captions: [],
});

/** An engine that answers each job so, what it is asked and what people are told. `reused`: it had answered before. */
function engineThat(result: Record<string, number>, reused = false, paths?: WorkspacePaths) {
  const [asked, told]: [JobDraft[], string[]] = [[], []];
  const run = async (draft: JobDraft) => {
    asked.push(draft);
    const outcome = { status: 'succeeded', result } as const;
    return {
      ...{ id: 'run_1', directory: '', outcome, reused, notices: [] },
      mustStand: async () => {},
    } satisfies EngineRunResult;
  };
  const context = {
    engine: { run },
    report: ({ notice }: { notice?: string }) => void (notice && told.push(notice)),
    signal: new AbortController().signal,
    ...(paths && { paths }),
  };
  return { context, asked, told };
}

/** The jobs that a wish asks of the engine. */
async function jobsOf(
  wish: object,
  base?: JobInput,
  paths?: WorkspacePaths,
  dataset?: string,
): Promise<JobDraft[]> {
  const { context, asked } = engineThat({ secondsPerStep: 1 }, false, paths);
  await learn(context, lessonOf(wish, base, dataset));
  return asked;
}

it('training and the preflight that times it share their steps among as many processes as were asked for', async () => {
  expect(await jobsOf({ seconds: 10, processes: 2 })).toMatchObject([
    { kind: 'preflight', processes: 2 },
    { kind: 'train', processes: 2 },
  ]);
});

it('what a preflight finds is told before the training begins', async () => {
  const { context, told } = engineThat(FOUND);
  await learn(context, lessonOf({ seconds: 100 }));
  expect(told[0]).toEqual(
    'Measured beforehand: 142 clips to learn from, 40 held out; 0.50 s a step, so 184 steps take 92 s, reading clips and ' +
      '5 measurements of held-out loss 14 s; sample sheets come on top. Memory: about 900 MiB of 12288 MiB free. ' +
      'Disk: 61 MiB of 49152 MiB free.',
  );
});

it('what a preflight finds is told before a training of so many steps too, and they stay as many', async () => {
  const { context, asked, told } = engineThat(FOUND, true);
  expect(await stepsFor(context, lessonOf({ steps: 7000 }))).toBe(7000);
  expect(asked.map(({ kind }) => kind)).toEqual(['preflight']);
  expect(told[0]).toContain('0.50 s a step, so 7000 steps take 58 min');
  expect(told[0]).toMatch(/^Measured when this was asked for first: .*Memory: .*Disk: /);
});

it('one process works alone where nothing is said', async () => {
  expect(await jobsOf({ steps: 3 })).toMatchObject([{ kind: 'train', processes: 1 }]);
});

it('processes that a batch does not divide by are refused before anything is asked of the engine', async () => {
  await expect(jobsOf({ steps: 3, batch: 32, processes: 3 })).rejects.toThrow('Ask for a batch of 33');
});

it('an adapter of the shipped base keeps worlds of that base in its batches, as many as asked for', async () => {
  const shipped = await baseInput();
  const priors = async (wish: object, base?: JobInput) =>
    (await jobsOf({ steps: 3, ...wish }, base)).map((job) => 'prior' in job && job.prior?.share);
  expect(await priors({}, shipped)).toEqual([0.25]);
  expect(await priors({ prior: 0.5 }, shipped)).toEqual([0.5]);
  expect(await priors({ prior: 0 }, shipped)).toEqual([undefined]);
  expect(await priors({ method: 'full' }, shipped)).toEqual([undefined]);
  expect(await priors({})).toEqual([undefined]);
});

it('an adapter of a base that has no worlds at hand is told to rehearse none; one that asked for none is told nothing', async () => {
  const notices = async (wish: object, base?: JobInput) => {
    const { context, told } = engineThat({});
    await learn(context, lessonOf({ steps: 3, ...wish }, base));
    return told;
  };
  expect(await notices({})).toEqual([expect.stringContaining('rehearses none')]);
  expect(await notices({ prior: 0 })).toEqual([]);
  expect(await notices({ method: 'full' })).toEqual([]);
  expect(await notices({}, await baseInput())).toEqual([]);
});

it('a batch of one clip, of which none can come from those worlds, is refused and says what would do', async () => {
  const shipped = await baseInput();
  await expect(jobsOf({ steps: 3, batch: 1 }, shipped)).rejects.toThrow('--prior 0');
  expect(await jobsOf({ steps: 3, batch: 1, prior: 0 }, shipped)).toMatchObject([{ batch: 1, prior: null }]);
  expect(await jobsOf({ steps: 3, batch: 1, method: 'full' }, shipped)).toHaveLength(1);
});

it('an open base learns at the shift of its clips, the small family at that of its codec', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot shift '));
  const files = {
    'model_index.json': '{"_class_name": "WanPipeline"}',
    'vae/config.json': '{}',
    'transformer/config.json': '{"patch_size": [1, 2, 2]}',
    'manifest.jsonl': '{"frames": 81, "height": 240, "width": 416}\n',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const open = await jobsOf({ steps: 3 }, { path: folder, sha256: 'a' }, undefined, folder);
  expect(open).toMatchObject([{ shift: 1.5 }]);
  expect(await jobsOf({ steps: 3 }, await baseInput())).toMatchObject([{ shift: 3 }]);
  await rm(folder, { recursive: true });
});

it('an open base learns adapters alone, and is refused otherwise before anything is asked of the engine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot open base '));
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  for (const method of ['full', 'scratch'])
    await expect(jobsOf({ steps: 3, method }, { path: folder, sha256: 'a' })).rejects.toThrow(
      '--method lora',
    );
  await rm(folder, { recursive: true });
});

it('latents of an open base are kept in the workspace, those of the small family nowhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot open base '));
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  const paths = workspacePaths('/nowhere');
  const kept = async (base?: JobInput) => {
    const jobs = await jobsOf({ seconds: 10 }, base, paths);
    return jobs.map((job) => 'latents' in job && job.latents);
  };
  expect(await kept({ path: folder, sha256: 'a' })).toEqual([keptLatents(paths), keptLatents(paths)]);
  expect(await kept()).toEqual([null, null]);
  await rm(folder, { recursive: true });
});
