import { join } from 'node:path';
import { type DatasetInput, type JobInput, type Training, trainingSchema } from '../../src/contract/index.ts';
import { learn } from '../../src/jobs/index.ts';
import { type Bench, briefsFor, judge, judgedTakes, type Model } from '../takes.ts';
import type { Cell } from './cells.ts';
import { retrievedTakes } from './retrieval.ts';

const BRIEFS = 24;
/** As many for every arm; at the demo's speed 94 s for the adapter on two cores, 113 s from scratch. */
export const STEPS = 180;

/** A brief of a cell: whether its combination is among the clips, and which of its takes are usable. */
export interface Counted extends Cell {
  fresh: boolean;
  takes: boolean[];
}

/** Trains the cell's model, draws four takes of every brief and counts. */
export async function countCell(
  bench: Bench,
  base: JobInput,
  cell: Cell,
  dataset: DatasetInput,
): Promise<Counted[]> {
  const briefs = briefsFor([cell.title], BRIEFS, cell.seed);
  const judged =
    cell.arm === 'retrieval'
      ? await judge(bench, retrievedTakes(join(dataset.path, 'retrieved'), briefs, dataset), briefs, dataset)
      : await judgedTakes(
          bench,
          await modelOf(bench, base, cell, dataset, { steps: STEPS }),
          briefs,
          dataset,
        );
  return briefs.map(({ id }, i) => ({ ...cell, fresh: id.includes('-new-'), takes: judged[i] ?? [] }));
}

type Length = Partial<Pick<Training, 'steps' | 'batch'>>;

/** What a cell draws from: the base alone where its arm learns nothing. */
export async function modelOf(
  bench: Bench,
  base: JobInput,
  { arm, seed }: Pick<Cell, 'arm' | 'seed'>,
  dataset: DatasetInput,
  length: Length,
): Promise<Model> {
  if (arm === 'adapter') {
    const adapter = await learned(bench, base, dataset, { method: 'lora', seed, ...length });
    return { base, adapters: [{ ...adapter, weight: 1 }] };
  }
  if (arm !== 'scratch' && arm !== 'full') return { base, adapters: [] };
  return { base: await learned(bench, base, dataset, { method: arm, seed, ...length }), adapters: [] };
}

async function learned(
  bench: Bench,
  base: JobInput,
  dataset: DatasetInput,
  wish: Pick<Training, 'method' | 'seed'> & Length,
): Promise<JobInput> {
  const training = trainingSchema.parse(wish);
  const { directory, outcome } = await learn(bench, { dataset, base, training, subset: null, captions: [] });
  const { path, sha256 } = outcome.result.model as { path: string; sha256: string };
  return { path: join(directory, path), sha256 };
}
