import { asc, desc, eq, inArray } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type Model, modelSchema } from './schema.ts';

export async function listModels(db: Db): Promise<Model[]> {
  const rows = await db.select().from(tables.trainModels).orderBy(desc(tables.trainModels.madeAt));
  return rows.map((row) => modelSchema.parse(row));
}

/** Ids of the models that have the same weights, the first that was kept first. */
export async function modelsOfWeights(db: Db, sha256: string): Promise<string[]> {
  const { id, madeAt, sha256: weights } = tables.trainModels;
  const same = db.select({ id }).from(tables.trainModels).where(eq(weights, sha256));
  return (await same.orderBy(asc(madeAt), asc(id))).map((row) => row.id);
}

/** Of some models, and of all that have the weights of one of them: their ids, themselves first. */
export async function withSameWeights(db: Db, ids: readonly string[]): Promise<string[]> {
  const { id, sha256 } = tables.trainModels;
  const own = await db
    .selectDistinct({ sha256 })
    .from(tables.trainModels)
    .where(inArray(id, [...ids]));
  const same = await Promise.all(own.map((one) => modelsOfWeights(db, one.sha256)));
  return [...new Set([...ids, ...same.flat()])];
}

/** @throws BacklotError `no-such-model` */
export async function getModel(db: Db, id: string): Promise<Model> {
  const [row] = await db.select().from(tables.trainModels).where(eq(tables.trainModels.id, id));
  if (row) return modelSchema.parse(row);
  throw new BacklotError('no-such-model', {
    expected: 'the id of a model in this workspace',
    where: 'the train stage',
    found: id,
    remedy: 'See `backlot models`.',
  });
}
