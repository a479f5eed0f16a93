import { asc } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { AUDIT_START, type AuditStored, auditHash, type Context } from '../jobs/index.ts';
import { againstHeads } from './audit-head.ts';
import { type AuditReport, auditRowSchema } from './schema.ts';

const { provenanceAudit: audit } = tables;

/**
 * Recomputes the whole chain, and measures it by the head that is kept outside the workspace. A changed, removed, inserted or
 * reordered row breaks the chain; rows cut off the end do not reach the head.
 */
export async function auditReport(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  last: number,
): Promise<AuditReport> {
  const rows = await auditRows(db);
  const { fault, kept, earlier } = await againstHeads(rows, paths.root);
  const { listed, misshapen } = formed(rows.slice(-last));
  const broken = firstBroken(rows) ?? misshapen ?? fault;
  return {
    rows: rows.length,
    intact: broken === null,
    broken,
    head: rows.at(-1)?.hash ?? AUDIT_START,
    listed,
    kept,
    earlier,
  };
}

/** The rows that have the form of one, and the first that has not: who can write the table can write anything into it, with a hash that fits. */
function formed(rows: readonly AuditStored[]) {
  const read = rows.map((row) => ({ seq: row.seq, ...auditRowSchema.safeParse(row) }));
  const first = read.find(({ success }) => !success);
  const reason = 'it has not the form of a row: it was changed, or written by another program';
  return {
    listed: read.flatMap(({ data }) => data ?? []),
    misshapen: first ? { seq: first.seq, reason } : null,
  };
}

/** The whole log, the oldest row first. */
export const auditRows = (db: Db): Promise<AuditStored[]> => db.select().from(audit).orderBy(asc(audit.seq));

export function firstBroken(rows: readonly AuditStored[]): AuditReport['broken'] {
  let previous = { seq: 0, hash: AUDIT_START };
  for (const row of rows) {
    const reason = faultOf(row, previous);
    if (reason) return { seq: row.seq, reason };
    previous = row;
  }
  return null;
}

function faultOf({ hash, ...row }: AuditStored, previous: { seq: number; hash: string }): string | null {
  if (row.seq !== previous.seq + 1) return `row ${previous.seq + 1} is missing`;
  if (row.previousHash !== previous.hash) return 'it does not follow the row before it';
  return auditHash(row) === hash ? null : 'its content was changed after it was written';
}
