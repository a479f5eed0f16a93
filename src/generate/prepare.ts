import { BacklotError, type GenerateJob, type JobInput } from '../contract/index.ts';
import { freezeOptionsSchema, getSnapshot } from '../dataset/index.ts';
import {
  type Context,
  type DraftedBrief,
  fileHash,
  isOpenBase,
  rateOf,
  registerBase,
} from '../jobs/index.ts';
import { getModel, type Model, refuseNamed, refuseReplaced } from '../train/index.ts';
import { type ClipShape, clipShape, OPEN_BLOCK_FRAMES } from './clip-shape.ts';
import { givenFolder, pictureInput, videoInput } from './given-file.ts';
import { type Pictures, shotsInFiles } from './given-pictures.ts';
import {
  filesGiven,
  givenTo,
  ROLES,
  refuseBlockedGiven,
  refuseBlockedWords,
  refuseUncleared,
} from './given-rights.ts';
import { type Batch, batchesOf } from './plan.ts';
import type { Brief, DrawnBrief, GenerateInput, Reference } from './schema.ts';
import { clearTakesGiven, takesBehind } from './takes-given.ts';

/** A batch with everything read and checked: nothing but drawing is left. */
export interface Ready {
  model: Model;
  adapters: GenerateJob['adapters'];
  engineBriefs: DraftedBrief[];
  briefs: DrawnBrief[];
  /** Of takes by an open base; null: the base decides. */
  size: GenerateJob['size'];
  /** The model that its takes are shown under. */
  shownAs: string;
  /** Of all briefs that are prepared together. */
  pictures: Pictures;
}

/** Reads and checks what all briefs name, before the first take is drawn. */
export async function prepare(context: Context, input: GenerateInput): Promise<Ready[]> {
  const model = await wholeModel(context, input.model);
  const { named, pictures } = await clearBriefs(context, model, input.briefs);
  const replicas = new Map(input.briefs.map(({ id }, i) => [id, named[i] ?? []]));
  const ready: Ready[] = [];
  for (const batch of batchesOf(input.briefs))
    ready.push(await prepareBatch(context, model, batch, { replicas, pictures }));
  return ready;
}

/**
 * Decides on all that briefs name beside the models.
 * @param cut the shots of the pictures that they give, where these were looked for before: a picture may have gone since
 * @returns of each brief the parties of the ledger whom it names; and those shots
 * @throws BacklotError `not-cleared`, `origin-undeclared`, `blocked`
 */
export async function clearBriefs(
  context: Context,
  model: Model,
  briefs: readonly Brief[],
  cut?: Pictures,
): Promise<{ named: string[][]; pictures: Pictures }> {
  const named = await refuseNamed(context, briefs.map(drawnBy(model)));
  await refuseBlockedWords(context, briefs);
  const own = await filesGiven(briefs);
  const takes = await takesBehind(context.db, [...own.values()]);
  await clearTakesGiven(context.db, takes);
  const given = new Map([...own, ...takes.flatMap(givenTo)]);
  await refuseBlockedGiven(context, given);
  const pictures = cut ?? (await shotsInFiles(context, given));
  await refuseUncleared(context, given, pictures);
  return { named, pictures };
}

const drawnBy =
  ({ id: model }: Model) =>
  ({ id, text, adapters }: Brief) => ({
    where: `brief ${id}`,
    text,
    models: [model, ...adapters.map((adapter) => adapter.id)],
  });

/** Kinds of models that make takes by themselves. */
const WHOLE: readonly Model['kind'][] = ['base', 'full', 'scratch'];

async function wholeModel(context: Context, id: string | undefined): Promise<Model> {
  const model = id === undefined ? await registerBase(context) : await getModel(context.db, id);
  await refuseReplaced(model);
  if (WHOLE.includes(model.kind)) return model;
  throw new BacklotError('model-unfit', {
    expected: 'a base, full or scratch model',
    where: `model ${model.id}`,
    found: model.kind === 'adapter' ? 'an adapter, which needs a base below it' : `a ${model.kind}`,
    remedy: 'Leave the model out and name the adapter in the briefs: "adapters": [{"id": ..., "weight": 1}].',
  });
}

interface Looked {
  /** Whom each brief names, by its id. */
  replicas: ReadonlyMap<string, string[]>;
  pictures: Pictures;
}

async function prepareBatch(
  context: Context,
  model: Model,
  batch: Batch,
  { replicas, pictures }: Looked,
): Promise<Ready> {
  const size = (await isOpenBase(model)) ? await openSize(context, model, batch) : null;
  const shape = size ? { ...size, blockFrames: OPEN_BLOCK_FRAMES } : await clipShape(model.path);
  const adapters = await Promise.all(batch.adapters.map((one) => adapterUse(context, model, one)));
  const folder = givenFolder(context.paths);
  const engineBriefs: DraftedBrief[] = [];
  const briefs: DrawnBrief[] = [];
  for (const brief of batch.briefs) {
    engineBriefs.push(await engineBrief(brief, shape, folder, context.signal));
    const kept = { ...brief, references: await referencesOf(brief, pictures) };
    briefs.push({ brief: kept, replicaOf: replicas.get(brief.id) ?? [] });
  }
  return { model, adapters, engineBriefs, briefs, size, shownAs: shownModel(model, batch), pictures };
}

/** Takes of an open base are as the clips of the first adapter; without one, as large as clips are by default, at the base's rate. */
async function openSize(context: Context, base: Model, { adapters: [first] }: Batch) {
  const dataset = first === undefined ? null : (await getModel(context.db, first.id)).snapshotId;
  const options =
    dataset === null
      ? freezeOptionsSchema.parse({ fps: (await rateOf(base)) ?? undefined })
      : (await getSnapshot(context.db, dataset)).options;
  const { frames, height, width, fps } = options;
  return { frames, height, width, fps };
}

/** A take with one adapter is that adapter's; with none or several it is the base's, and the brief names them. */
const shownModel = (model: Model, { adapters: [first, second] }: Batch): string =>
  first !== undefined && second === undefined ? first.id : model.id;

async function adapterUse(
  context: Context,
  model: Model,
  { id, weight }: Brief['adapters'][number],
): Promise<GenerateJob['adapters'][number]> {
  const { kind, baseId, path, sha256 } = await getModel(context.db, id);
  if (kind === 'adapter' && baseId === model.id) return { path, sha256, weight };
  throw new BacklotError('adapter-mismatch', {
    expected: `an adapter of ${model.id} (${model.name})`,
    where: `adapter ${id}`,
    found: kind === 'adapter' ? `an adapter of ${baseId}` : `a ${kind} model`,
    remedy: `Generate with the model that the adapter was trained on (--model ${baseId}), or train one on this model.`,
  });
}

/** Only what the model may know: `expect` stays behind. */
async function engineBrief(
  brief: Brief,
  shape: ClipShape,
  folder: string,
  signal: AbortSignal,
): Promise<DraftedBrief> {
  const { id, text, mode, candidates, seed } = brief;
  const picture = (path: string | undefined): Promise<JobInput> | null =>
    path === undefined ? null : pictureInput(path, shape, folder);
  const video = brief.video === undefined ? null : videoInput(brief.video, mode, shape, folder, signal);
  return {
    ...{ id, text, mode, candidates, seed },
    first: await picture(brief.first),
    last: await picture(brief.last),
    video: await video,
    strength: brief.strength ?? null,
  };
}

async function referencesOf(brief: Brief, pictures: Pictures): Promise<Reference[]> {
  const references: Reference[] = [];
  for (const role of ROLES) {
    const path = brief[role];
    if (path !== undefined) references.push({ role, path, sha256: await fileHash(path) });
  }
  return references.map((one) => {
    const shot = pictures.get(one.sha256);
    return shot === undefined ? one : { ...one, shot };
  });
}
