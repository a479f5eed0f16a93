import { and, asc, eq, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';

/** Adapters that left as files: one that comes back is known by the file's bytes, as the audit log has them (ADR 0164). */

const { provenanceAudit: audit } = tables;

/** What the log calls it. */
export const EXPORTING = 'adapter.export';

/** The models that a file of these bytes was exported from, the first export first. */
export async function exportedAs(db: Pick<Db, 'select'>, sha256: string): Promise<string[]> {
  const rows = await db
    .select({ id: audit.subject })
    .from(audit)
    .where(and(eq(audit.what, EXPORTING), sql`${audit.details} ->> 'sha256' = ${sha256}`))
    .orderBy(asc(audit.seq));
  return [...new Set(rows.map(({ id }) => id))];
}

/**
 * Copies and what each is a copy of, as a table of SQL: models that earlier versions made of a file which had been exported here, without
 * a word of its lineage.
 */
export const copies = sql`(select m.id as copy, a.subject as original from train_models m
  join provenance_audit a on a.what = ${EXPORTING} and a.details ->> 'sha256' = m.record ->> 'importedFrom' and a.subject <> m.id)`;

/** The originals of a model that is such a copy. */
export async function originalsOf(db: Pick<Db, 'execute'>, id: string): Promise<string[]> {
  const { rows } = await db.execute<{ original: string }>(
    sql`select distinct original from ${copies} c where copy = ${id} order by original`,
  );
  return rows.map(({ original }) => original);
}
