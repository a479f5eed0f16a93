import { desc, eq } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { type Model, modelSchema } from './schema.ts';

/** They come with Backlot: no act of this workspace made them. */
const SHIPPED: readonly Model['kind'][] = ['base', 'upscaler'];

/** Keeps a model; one that was trained here and is new is a row of the audit log too. */
export async function saveModel({ db, who }: Pick<Context, 'db' | 'who'>, model: Model): Promise<void> {
  await db.transaction(async (tx) => {
    const added = await tx.insert(tables.trainModels).values(model).onConflictDoNothing().returning();
    if (added.length === 0 || SHIPPED.includes(model.kind)) return;
    const { id, kind, sha256, snapshotId, baseId, runId } = model;
    const details = { kind, sha256, snapshotId, baseId, runId };
    await appendAudit(tx, { who, what: 'train', subject: id, details });
  });
}

export async function listModels(db: Db): Promise<Model[]> {
  const rows = await db.select().from(tables.trainModels).orderBy(desc(tables.trainModels.madeAt));
  return rows.map((row) => modelSchema.parse(row));
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
