import { join } from 'node:path';
import type { DatasetInput, JobInput } from '../src/contract/index.ts';
import { type Context, progressOf, SAMPLING } from '../src/jobs/index.ts';
import { readTakes, shippedChecker, usable } from '../src/review/index.ts';
import { type SampleBrief, sampleBriefs } from '../src/sample/index.ts';

/** What the bench needs of a workspace. */
export type Bench = Pick<Context, 'engine' | 'report' | 'signal'>;

const BATCH = 8;

export const briefsFor = (slugs: readonly string[], count: number, seed: number): SampleBrief[] =>
  sampleBriefs({
    studio: { titles: slugs.map((id) => ({ id, rights: 'cleared', shots: 1 })) },
    count,
    seed,
  });

/** What is drawn from: a base and what is loaded over it. */
export interface Model {
  base: JobInput;
  adapters: (JobInput & { weight: number })[];
}

/** What a model is told of a brief. */
export type Asked = Pick<SampleBrief, 'id' | 'text' | 'mode' | 'candidates' | 'seed'>;

/** Draws the takes of every brief; the path of their `takes.jsonl`. */
export async function drawTakes(bench: Bench, model: Model, briefs: readonly Asked[]): Promise<string> {
  const { directory } = await bench.engine.run(
    {
      kind: 'generate',
      seed: 0,
      ...model,
      briefs: briefs.map(({ id, text, mode, candidates, seed }) => ({
        id,
        text,
        mode,
        first: null,
        last: null,
        video: null,
        strength: null,
        candidates,
        seed,
      })),
      size: null,
      sampling: SAMPLING,
      batch: BATCH,
      precision: 'bf16',
    },
    progressOf(bench.report, 'takes'),
    bench.signal,
  );
  return join(directory, 'takes.jsonl');
}

/** Draws four takes of every brief; for each brief, which of them the checker calls usable. */
export async function judgedTakes(
  bench: Bench,
  model: Model,
  briefs: readonly SampleBrief[],
  training: DatasetInput,
): Promise<boolean[][]> {
  return judge(bench, await drawTakes(bench, model, briefs), briefs, training);
}

/** The checker that judges here. @throws Error where the card speaks of other weights */
export async function theChecker() {
  const checker = await shippedChecker();
  if (!checker) throw new Error('assets/checker holds no checker that its card speaks of');
  return checker;
}

/** The row that says which checker the rates of a table are by. */
export const checkerRow = (sha256: string) => ({ what: 'checker sha256', value: sha256, unit: '' });

/** For each brief, which of the takes in a `takes.jsonl` the checker calls usable. */
export async function judge(
  bench: Bench,
  takes: string,
  briefs: readonly SampleBrief[],
  training: DatasetInput,
): Promise<boolean[][]> {
  const checker = await theChecker();
  const { lines, copyLimit } = await readTakes(bench, takes, checker, training);
  return briefs.map(({ id, expect }) =>
    [...lines]
      .filter(([take]) => take.startsWith(`${id}-`))
      .map(([, line]) => usable(line, expect, checker.card.limits, copyLimit).verdict === 'usable'),
  );
}
