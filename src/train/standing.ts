import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, tables, texts } from '../db/index.ts';
import type { ReachedBy } from '../rights/index.ts';
import type { ListedModel, Retirement } from './schema.ts';
import { listModels } from './store.ts';

/** Whether models, and takes, may still be used. The rows that say so are provenance's, to the right: they are read, never written. */

const { provenanceAudit: audit, provenanceBlocks: blocks } = tables;

/** By the row of the audit log that retires a model (ADR 0109). */
export const RETIRING = 'provenance.retire';

/** What the log says of one. */
const saidSchema = z.looseObject({ by: z.string(), reason: z.string() });

/** Of these models, those that people have put out of use. */
export async function retiredAmong(
  db: Pick<Db, 'select'>,
  models: readonly string[],
): Promise<Map<string, Retirement>> {
  if (models.length === 0) return new Map();
  const rows = await db
    .select({ id: audit.subject, at: audit.at, details: audit.details })
    .from(audit)
    .where(and(eq(audit.what, RETIRING), inArray(audit.subject, [...models])))
    .orderBy(asc(audit.seq));
  return new Map(rows.map(({ id, at, details }) => [id, { at, ...pick(saidSchema.parse(details)) }]));
}

const pick = ({ by, reason }: z.infer<typeof saidSchema>) => ({ by, reason });

/** The withdrawals that have reached things of a kind, by the thing's id, each in their order. Things that none has reached are not in it. */
export async function withdrawalsOn(
  db: Pick<Db, 'select'>,
  kind: string,
  ids: readonly string[],
): Promise<Map<string, ReachedBy[]>> {
  const { id, withdrawal, blockedAt } = blocks;
  const rows = await db
    .select({ id, row: withdrawal, at: blockedAt })
    .from(blocks)
    .where(and(eq(blocks.kind, kind), sql`${id} = any(${texts(ids)})`))
    .orderBy(asc(id), asc(blockedAt), asc(withdrawal));
  const found = Map.groupBy(rows, (row) => row.id);
  return new Map(
    [...found].map(([of, by]) => [of, by.map(({ row, at }) => ({ row, at: at.toISOString() }))]),
  );
}

/** The models of the workspace, newest first, each with what has put it out of use. */
export async function modelsWithStanding(db: Db): Promise<ListedModel[]> {
  const models = await listModels(db);
  const ids = models.map(({ id }) => id);
  const retired = await retiredAmong(db, ids);
  const blocked = await withdrawalsOn(db, 'model', ids);
  return models.map((model) => ({
    ...model,
    retired: retired.get(model.id) ?? null,
    blocked: blocked.get(model.id) ?? [],
  }));
}
