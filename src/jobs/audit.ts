import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { desc, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { canonical } from './canonical.ts';

const { provenanceAudit: audit } = tables;

/** A row of the audit log as it is stored. */
export type AuditStored = typeof audit.$inferSelect;

/** Who did what to what; `details` is plain JSON. `what` is the operation that did it, such as `dataset.freeze`. */
export interface AuditEntry {
  who: string;
  what: string;
  subject: string;
  details: Record<string, unknown>;
}

/** What the first row's `previousHash` holds. */
export const AUDIT_START = '0'.repeat(64);

/**
 * Hash of a row: sha256 over the canonical JSON of all its other fields, the previous row's hash among them. Rows of
 * versions that kept no origin were hashed without one.
 */
export function auditHash({ origin, ...row }: Omit<AuditStored, 'hash'>): string {
  const hashed = origin === null ? row : { ...row, origin };
  return createHash('sha256').update(canonical(hashed)).digest('hex');
}

/**
 * Appends one row to the chain. One at a time: the table is locked until the transaction ends, so two writers
 * never build on the same row.
 * @param db the transaction that writes what the row speaks of, so that both are there or neither
 */
export async function appendAudit(db: Pick<Db, 'transaction'>, entry: AuditEntry): Promise<AuditStored> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${audit} in exclusive mode`);
    const [last] = await tx.select().from(audit).orderBy(desc(audit.seq)).limit(1);
    const row = rowAfter(last, entry, new Date().toISOString());
    await tx.insert(audit).values(row);
    return row;
  });
}

function rowAfter(last: AuditStored | undefined, entry: AuditEntry, at: string): AuditStored {
  const { who, what, subject, details } = entry;
  const row = {
    seq: (last?.seq ?? 0) + 1,
    at,
    who,
    what,
    subject,
    details,
    origin: hostname(),
    previousHash: last?.hash ?? AUDIT_START,
  };
  return { ...row, hash: auditHash(row) };
}
