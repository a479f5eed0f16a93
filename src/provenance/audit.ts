import { asc, desc, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { digestOf } from './digest.ts';
import { type AuditReport, type AuditRow, auditRowSchema } from './schema.ts';

/** Who did what to what; `details` is plain JSON. */
export type AuditEntry = Pick<AuditRow, 'who' | 'what' | 'subject' | 'details'>;

/** What the first row's `previousHash` holds. */
const genesis = '0'.repeat(64);

const { provenanceAudit: audit } = tables;

/** Hash of a row: sha256 over the canonical JSON of all its other fields, the previous row's hash among them. */
export const auditHash = (row: Omit<AuditRow, 'hash'>): string => digestOf(row);

/**
 * Appends one row to the chain. One at a time: the table is locked until the transaction ends, so two writers
 * never build on the same row.
 * @param db the database, or a transaction of it that the row shall share
 */
export async function appendAudit(db: Pick<Db, 'transaction'>, entry: AuditEntry): Promise<AuditRow> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${audit} in exclusive mode`);
    const [last] = await tx.select().from(audit).orderBy(desc(audit.seq)).limit(1);
    const row = rowAfter(last, entry, new Date().toISOString());
    await tx.insert(audit).values(row);
    return row;
  });
}

function rowAfter(last: { seq: number; hash: string } | undefined, entry: AuditEntry, at: string): AuditRow {
  const { who, what, subject, details } = entry;
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at,
    who,
    what,
    subject,
    details,
    previousHash: last?.hash ?? genesis,
  };
  return { ...row, hash: auditHash(row) };
}

/**
 * Recomputes the whole chain. A changed, removed, inserted or reordered row breaks it; rows cut off the end do not,
 * which is why the head's hash is worth keeping elsewhere.
 */
export async function auditReport(db: Db, last: number): Promise<AuditReport> {
  const rows = await db.select().from(audit).orderBy(asc(audit.seq));
  const broken = firstBroken(rows);
  const listed = rows.slice(-last).map((row) => auditRowSchema.parse(row));
  return { rows: rows.length, intact: broken === null, broken, head: rows.at(-1)?.hash ?? genesis, listed };
}

type StoredRow = typeof audit.$inferSelect;

function firstBroken(rows: readonly StoredRow[]): AuditReport['broken'] {
  let previous = { seq: 0, hash: genesis };
  for (const row of rows) {
    const reason = faultOf(row, previous);
    if (reason) return { seq: row.seq, reason };
    previous = row;
  }
  return null;
}

function faultOf({ hash, ...row }: StoredRow, previous: { seq: number; hash: string }): string | null {
  if (row.seq !== previous.seq + 1) return `row ${previous.seq + 1} is missing`;
  if (row.previousHash !== previous.hash) return 'it does not follow the row before it';
  return auditHash(row as Omit<AuditRow, 'hash'>) === hash
    ? null
    : 'its content was changed after it was written';
}
