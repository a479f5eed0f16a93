import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkLineSchema,
  type DatasetInput,
  type JobInput,
  takeLineSchema,
} from '../../src/contract/index.ts';
import { type Context, fileHash, progressOf, SAMPLING } from '../../src/jobs/index.ts';
import { shippedChecker, usable } from '../../src/review/index.ts';
import { type SampleBrief, sampleBriefs } from '../../src/sample/index.ts';

/** What the bench needs of a workspace. */
export type Bench = Pick<Context, 'engine' | 'report' | 'signal' | 'paths'>;

const BATCH = 8;

export const briefsFor = (slug: string, count: number, seed: number): SampleBrief[] =>
  sampleBriefs({ studio: { titles: [{ id: slug, rights: 'cleared', shots: 1 }] }, count, seed });

export interface Judged {
  brief: SampleBrief;
  usable: boolean[];
  reasons: string[];
}

/** Draws four takes of every brief and lets the checker judge them. */
export async function judgedTakes(
  bench: Bench,
  model: { base: JobInput; adapters: (JobInput & { weight: number })[] },
  briefs: readonly SampleBrief[],
  training: DatasetInput,
  sampling = SAMPLING,
): Promise<Judged[]> {
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
        candidates,
        seed,
      })),
      sampling,
      batch: BATCH,
      precision: 'bf16',
    },
    progressOf(bench.report, 'takes'),
    bench.signal,
  );
  return judge(bench, join(directory, 'takes.jsonl'), briefs, training);
}

async function judge(
  bench: Bench,
  takes: string,
  briefs: readonly SampleBrief[],
  training: DatasetInput,
): Promise<Judged[]> {
  const checker = await shippedChecker();
  if (!checker) throw new Error('assets/checker holds no checker that its card speaks of');
  const { directory, outcome } = await bench.engine.run(
    {
      kind: 'check',
      seed: 0,
      checker: { path: checker.path, sha256: checker.sha256 },
      takes: { path: takes, sha256: await fileHash(takes) },
      training,
    },
    progressOf(bench.report, 'checks'),
    bench.signal,
  );
  const limit = outcome.result.copyLimit as number | null;
  const briefOf = new Map(linesOf(takes, takeLineSchema).map(({ id, brief }) => [id, brief]));
  const readings = linesOf(join(directory, 'checks.jsonl'), checkLineSchema);
  return briefs.map((brief) => {
    const own = readings.filter(({ id }) => briefOf.get(id) === brief.id);
    const judged = own.map((reading) => usable(reading, brief.expect, checker.card.limits, limit));
    return {
      brief,
      usable: judged.map(({ verdict }) => verdict === 'usable'),
      reasons: judged.flatMap(({ reasons }) => reasons),
    };
  });
}

function linesOf<T>(path: string, schema: { parse(value: unknown): T }): T[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));
}
