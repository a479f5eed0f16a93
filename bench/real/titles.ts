import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatasetInput, type JobInput, trainingSchema } from '../../src/contract/index.ts';
import type { Snapshot } from '../../src/dataset/index.ts';
import { type Context, keepModel, learn } from '../../src/jobs/index.ts';
import { readTakes } from '../../src/review/index.ts';
import { rngOf } from '../../src/sample/random.ts';
import { inLanes } from '../lanes.ts';
import { takeLines } from '../sheet.ts';
import { type Asked, drawTakes, type Model, theChecker } from '../takes.ts';
import { type Clip, refrozen } from './folds.ts';

/**
 * Does an adapter of one film make takes that look like that film? Each title's scenes are held out in turn; its adapter
 * learns from the others and draws from the words of those.
 */

const SEED = 1;
const CANDIDATES = 4;

/** adapter: asked by the title's name and a caption. unnamed: the same adapter, by the caption alone. base: the base without it, by both. */
export const ARMS = ['adapter', 'unnamed', 'base'] as const;

export interface Seen {
  arm: (typeof ARMS)[number];
  title: string;
  fold: number;
  /** Whose caption it was asked by. */
  scene: string;
  text: string;
  pixels: Buffer;
  /** Of a clip that its adapter learned from; null where nothing was learned, or it was not asked. */
  copied: boolean | null;
}

interface Cell {
  fold: number;
  title: Snapshot['titles'][number];
  /** Of this title. */
  clips: Clip[];
}

/** Takes of each title's adapters, and of what they are laid beside. */
export async function titleTakes(
  context: Context,
  all: Snapshot,
  clips: readonly Clip[],
  base: JobInput,
  steps: number,
): Promise<Seen[]> {
  const folds = [...new Set(clips.map(({ fold }) => fold))].sort();
  const cells = folds.flatMap((fold) =>
    all.titles.map((title) => ({ fold, title, clips: clips.filter((clip) => clip.title === title.id) })),
  );
  const seen = await inLanes(cells, (cell) => takesOf(context, all, cell, base, steps));
  return seen.flat();
}

/** A caption that says whose it is, as those of adapters do that are asked for by a word. */
const named = (name: string, caption: string): string => `${name}: ${caption}`;

async function takesOf(context: Context, all: Snapshot, cell: Cell, base: JobInput, steps: number) {
  const { dataset, ...adapter } = await adapterOf(context, all, cell, base, steps);
  const withIt = { base, adapters: [{ ...adapter, weight: 1 }] };
  const briefs = briefsOf(cell);
  const names = briefs.map(({ text, ...brief }) => ({ ...brief, text: named(cell.title.name, text) }));
  return [
    ...(await drawn(context, 'adapter', withIt, cell, names, dataset)),
    ...(await drawn(context, 'unnamed', withIt, cell, briefs)),
    ...(await drawn(context, 'base', { base, adapters: [] }, cell, names)),
  ];
}

async function adapterOf(
  context: Context,
  all: Snapshot,
  { fold, title, clips }: Cell,
  base: JobInput,
  steps: number,
) {
  const lines = clips.map((clip) => ({
    ...clip,
    caption: named(title.name, clip.caption),
    split: clip.fold === fold ? ('heldout' as const) : ('train' as const),
  }));
  const dataset = await refrozen(join(context.paths.root, 'folds', `${title.id}-${fold}`), all, lines);
  const training = trainingSchema.parse({ steps, seed: SEED });
  const run = await learn(context, { dataset, base, training, subset: null, captions: [] });
  const { path, sha256 } = run.outcome.result.model as { path: string; sha256: string };
  const adapter = { path: join(run.directory, path), sha256 };
  const learned = { baseId: null, snapshotId: all.id, runId: run.id, record: {} };
  const id = `mdl_${title.id}-${fold}`;
  await keepModel(context, { id, name: title.name, kind: 'adapter', ...adapter, ...learned });
  return { dataset, ...adapter };
}

type Brief = Asked & { scene: string };

/** One of each scene that is held out, from the caption of one of its clips. */
function briefsOf({ fold, clips }: Cell): Brief[] {
  const held = Map.groupBy(
    clips.filter((clip) => clip.fold === fold),
    ({ scene }) => scene,
  );
  return [...held].map(([scene, own], i) => ({
    ...{ id: `brief-${i}`, scene, text: rngOf('captions', scene, SEED).pick(own).caption },
    ...{ mode: 'text' as const, candidates: CANDIDATES, seed: SEED + i },
  }));
}

async function drawn(
  context: Context,
  arm: Seen['arm'],
  model: Model,
  { fold, title }: Cell,
  briefs: Brief[],
  learned: DatasetInput | null = null,
): Promise<Seen[]> {
  const takes = await drawTakes(context, model, briefs);
  const copies = learned && (await copiesAmong(context, takes, learned));
  const of = new Map(briefs.map((brief) => [brief.id, brief]));
  return takeLines(takes).map((take) => ({
    ...{ arm, title: title.id, fold },
    ...{ scene: of.get(take.brief)?.scene ?? '', text: of.get(take.brief)?.text ?? '' },
    pixels: readFileSync(join(takes, '..', take.path)),
    copied: copies?.has(take.id) ?? null,
  }));
}

/** Ids of takes that are as near to a training clip as the product's screen lets none be. */
export async function copiesAmong(context: Context, takes: string, learned: DatasetInput) {
  const { lines, copyLimit } = await readTakes(context, takes, await theChecker(), learned);
  const near = [...lines].filter(([, line]) => (line.copyDistance ?? Infinity) <= (copyLimit ?? -Infinity));
  return new Set(near.map(([id]) => id));
}
