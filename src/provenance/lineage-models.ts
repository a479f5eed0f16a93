import { z } from 'zod';
import type { Db } from '../db/index.ts';
import { type Take as GivenTake, modelsThatDrew } from '../generate/index.ts';
import { isShipped, originalsOf, originsOf } from '../train/index.ts';
import type { ModelLineage } from './schema.ts';
import { type Model, readModel, type Take } from './store.ts';

type Origin = NonNullable<ModelLineage['origin']>;

const adaptersSchema = z.looseObject({
  adapters: z.array(z.looseObject({ id: z.string(), weight: z.number() })).default([]),
});

type Briefed = Pick<Take, 'brief'>;

/** The adapters that its brief adds, each with its weight. */
export const adaptersOf = ({ brief }: Briefed) => adaptersSchema.safeParse(brief).data?.adapters ?? [];

/**
 * How much of each adapter there is: as the take has it, else as the takes that it was given have it; null where these have it at different
 * weights. One that an older brief names twice was drawn with both.
 */
export function weightsOf(take: Briefed, given: readonly Briefed[]): Map<string, number | null> {
  const weights = new Map<string, number | null>();
  for (const [id, weight] of given.flatMap((one) => [...summed(one)]))
    weights.set(id, weights.has(id) && weights.get(id) !== weight ? null : weight);
  return new Map([...weights, ...summed(take)]);
}

function summed(take: Briefed): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { id, weight } of adaptersOf(take)) weights.set(id, (weights.get(id) ?? 0) + weight);
  return weights;
}

/**
 * The take's model, the adapters its brief adds, what made it crisp, those of the takes that it was given, and every model each
 * of them was made from.
 */
export async function modelsOf(
  db: Db,
  take: Take,
  given: readonly GivenTake[],
): Promise<{ models: ModelLineage[]; gaps: string[] }> {
  const upscalers = take.upscalerId === null ? [] : [take.upscalerId];
  const own = adaptersOf(take);
  const starts = [take.modelId, ...own.map(({ id }) => id), ...upscalers, ...given.flatMap(modelsThatDrew)];
  // A take of one adapter is shown under the adapter's own id.
  const weights = weightsOf(take, given);
  const models = new Map<string, ModelLineage>();
  const gaps: string[] = [];
  for (const id of starts) await follow(db, id, weights.get(id) ?? null, models, gaps);
  return { models: [...models.values()], gaps };
}

/** A model and every model that it was made from, itself first. */
export async function modelChain(db: Db, id: string): Promise<{ models: ModelLineage[]; gaps: string[] }> {
  const models = new Map<string, ModelLineage>();
  const gaps: string[] = [];
  await follow(db, id, null, models, gaps);
  return { models: [...models.values()], gaps };
}

/** Walks from a model to its base and that one's base, by way of what it is a copy of. A model met before ends the walk. */
async function follow(
  db: Db,
  start: string,
  weight: number | null,
  models: Map<string, ModelLineage>,
  gaps: string[],
): Promise<void> {
  for (let id: string | null = start; id !== null && !models.has(id); ) {
    const model: Model | null = await readModel(db, id);
    const { origin, original, gaps: own } = await trainingOf(db, id, model);
    models.set(id, model ? known(model, id === start ? weight : null, origin) : unknown(id));
    gaps.push(...own);
    id = original ?? model?.baseId ?? null;
  }
}

interface Training {
  /** A person's word, where nothing is recorded. */
  origin?: Origin | undefined;
  /** What the model is a copy of. */
  original?: string;
  gaps: string[];
}

async function trainingOf(db: Db, id: string, model: Model | null): Promise<Training> {
  const [original] = await originalsOf(db, id);
  if (original !== undefined) return { original, gaps: [] };
  const origin = (await originsOf(db, [id])).get(id);
  const said = origin !== undefined || (await isShipped(model?.sha256 ?? ''));
  return { origin, gaps: said ? [] : gapOf(id, model) };
}

const known = (model: Model, weight: number | null, origin: Origin | undefined): ModelLineage => ({
  ...{ id: model.id, name: model.name, kind: model.kind, sha256: model.sha256, weight },
  ...{ snapshotId: model.snapshotId, runId: model.runId },
  ...(origin && { origin }),
});

const unknown = (id: string): ModelLineage => ({
  ...{ id, name: id, kind: 'unknown', sha256: '', weight: null },
  ...{ snapshotId: null, runId: null },
});

function gapOf(id: string, model: Model | null): string[] {
  if (!model) return [`Model ${id} is not in this workspace: what it was trained on is not known.`];
  if (model.snapshotId) return [];
  const outside = model.kind === 'base' || model.kind === 'upscaler';
  return outside
    ? [`The ${model.kind} "${model.name}" was trained outside this workspace: its card says on what.`]
    : [`Model "${model.name}" names no dataset: what it was trained on is not known.`];
}
