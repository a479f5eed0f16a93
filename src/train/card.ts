import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { trainJobSchema } from '../contract/index.ts';
import { getSnapshot, type Snapshot } from '../dataset/index.ts';
import { type Context, makeFolder } from '../jobs/index.ts';
import { cardWords } from './card-words.ts';
import { originsOf } from './origin.ts';
import type { Card, Model } from './schema.ts';
import { getModel } from './store.ts';

/** Reads what the workspace knows about a model. */
export async function cardOf({ db, paths }: Pick<Context, 'db' | 'paths'>, model: Model): Promise<Card> {
  const base = model.baseId === null ? null : await getModel(db, model.baseId);
  const snapshot = model.snapshotId === null ? null : await getSnapshot(db, model.snapshotId);
  return {
    version: 1,
    model: { id: model.id, name: model.name, kind: model.kind, sha256: model.sha256 },
    base: base && { id: base.id, name: base.name, sha256: base.sha256 },
    origin: (await originsOf(db, [model.id])).get(model.id) ?? null,
    dataset: snapshot && datasetPart(snapshot),
    rights: snapshot && rightsPart(snapshot),
    recipe: model.runId === null ? null : usedIn(await recipeOf(join(paths.runs, model.runId)), model),
    losses: lossesOf(model),
  };
}

type Write = (path: string, text: string) => Promise<void>;

/**
 * Beside the weights, not among them: the card has no part in the weights' hash.
 * @param write what is done with a card that lies there
 */
export async function writeCard(card: Card, folder: string, write: Write): Promise<string> {
  await makeFolder(folder);
  const path = join(folder, 'card.md');
  await write(path, cardWords(card));
  await write(join(folder, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
  return path;
}

const datasetPart = ({ id, digest, clips, titles }: Snapshot): Card['dataset'] => ({
  ...{ id, digest, clips },
  titles: titles.map(({ name, train }) => ({ name, clips: train })),
});

const rightsPart = ({ options, rights }: Snapshot): Card['rights'] => ({
  ...{ use: options.use, territory: options.territory, asOf: options.asOf, ledger: rights.ledger },
});

const recipeSchema = trainJobSchema
  .pick({
    ...{ method: true, steps: true, batch: true, lora: true, shape: true, optimizer: true, emaDecay: true },
    ...{ captionDropout: true, givenShare: true, shift: true, mirror: true, precision: true, seed: true },
    ...{ threads: true },
  })
  .extend({
    // Runs of before there was a choice, or were several, name none.
    device: trainJobSchema.shape.device.default('cpu'),
    processes: trainJobSchema.shape.processes.default(1),
    prior: z
      .looseObject({ share: z.number() })
      .nullable()
      .default(null)
      .transform((prior) => prior?.share ?? 0),
  })
  .strip();

/** The options of a run as its job names them, without what is this machine's affair. */
async function recipeOf(directory: string): Promise<z.infer<typeof recipeSchema>> {
  return recipeSchema.parse(JSON.parse(await readFile(join(directory, 'job.json'), 'utf8')));
}

const usedSchema = z.object({ precisions: z.array(z.string()).min(1) });
const fellBackSchema = z.object({ notices: z.array(z.object({ code: z.string() })) });

/** The recipe with the precision that steps ran in, which is another than was asked for where a processor has no bfloat16. */
function usedIn(recipe: z.infer<typeof recipeSchema>, { record }: Model): NonNullable<Card['recipe']> {
  const asked = recipe.precision;
  const told = usedSchema.safeParse(record).data?.precisions;
  const fellBack = fellBackSchema
    .safeParse(record)
    .data?.notices.some(({ code }) => code === 'precision-fallback');
  const used = told?.join(', then ') ?? (fellBack ? 'fp32' : asked);
  return { ...recipe, precision: used, ...(used !== asked && { precisionAsked: asked }) };
}

const lossSchema = z.object({ finalLoss: z.number().nullable(), heldoutLoss: z.number().nullable() });

function lossesOf({ record }: Model): Card['losses'] {
  const found = lossSchema.safeParse(record).data;
  return found ? { training: found.finalLoss, heldout: found.heldoutLoss } : null;
}
