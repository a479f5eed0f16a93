import { asc } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { AUDIT_START, type AuditStored, auditHash } from '../jobs/index.ts';
import { type AuditReport, auditRowSchema } from './schema.ts';

const { provenanceAudit: audit } = tables;

/**
 * Recomputes the whole chain. A changed, removed, inserted or reordered row breaks it; rows cut off the end do not,
 * which is why the head's hash is worth keeping elsewhere.
 */
export async function auditReport(db: Db, last: number): Promise<AuditReport> {
  const rows = await auditRows(db);
  const broken = firstBroken(rows);
  const listed = rows.slice(-last).map((row) => auditRowSchema.parse(row));
  return {
    rows: rows.length,
    intact: broken === null,
    broken,
    head: rows.at(-1)?.hash ?? AUDIT_START,
    listed,
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
