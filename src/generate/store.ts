import { asc, eq, inArray } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { type Take, takeSchema } from './schema.ts';

const { generateTakes } = tables;

/** Keeps the takes of one run; those that are new are one row of the audit log. */
export async function saveTakes(
  { db, who }: { db: Pick<Db, 'transaction'>; who: Context['who'] },
  takes: readonly Take[],
): Promise<void> {
  if (takes.length === 0) return;
  await db.transaction(async (tx) => {
    const query = tx.insert(generateTakes).values([...takes]);
    const added = await query.onConflictDoNothing().returning();
    const [first] = added;
    if (!first) return;
    const made = added.map(({ id, videoSha256 }) => ({ id, sha256: videoSha256 }));
    const details = { model: first.modelId, takes: made };
    await appendAudit(tx, { who, what: 'generate', subject: first.runId, details });
  });
}

/** What stays of a take as it was first recorded, also where it is drawn again. */
export type KnownTake = Pick<Take, 'id' | 'videoSha256' | 'replicaOf' | 'frames' | 'fps'>;

/** Of these takes those that are recorded. */
export async function takesKnown(
  db: Db,
  takes: readonly Pick<Take, 'id'>[],
): Promise<Map<string, KnownTake>> {
  const { id, videoSha256, replicaOf, frames, fps } = generateTakes;
  const ids = takes.map((take) => take.id);
  const kept = db.select({ id, videoSha256, replicaOf, frames, fps }).from(generateTakes);
  return new Map((await kept.where(inArray(id, ids))).map((row) => [row.id, row]));
}

/** All takes, or those with the given ids, in the order of their briefs and candidates. */
export async function listTakes(db: Db, ids?: readonly string[]): Promise<Take[]> {
  const chosen = ids === undefined ? undefined : inArray(generateTakes.id, [...ids]);
  const rows = await db
    .select()
    .from(generateTakes)
    .where(chosen)
    .orderBy(asc(generateTakes.briefId), asc(generateTakes.modelId), asc(generateTakes.candidate));
  return rows.map((row) => takeSchema.parse(row));
}

/** @throws BacklotError `no-such-take` */
export async function getTake(db: Db, id: string): Promise<Take> {
  const [row] = await db.select().from(generateTakes).where(eq(generateTakes.id, id));
  if (row) return takeSchema.parse(row);
  throw new BacklotError('no-such-take', {
    expected: 'the id of a take in this workspace',
    where: 'the generate stage',
    found: id,
    remedy: 'The report lists the takes with their ids.',
  });
}
