import { desc, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type AuditEntry, appendAudit } from '../jobs/index.ts';
import { type Ledger, ledgerSchema, type ShotDecision } from './schema.ts';

const { rightsDecisions, rightsLedgers } = tables;

/** A ledger as recorded: rows are added, never changed, and the newest is in force. */
export interface StoredLedger {
  id: string;
  sha256: string;
  /** The file it was read from, or the withdrawal that made it. */
  source: string;
  document: Ledger;
  recordedBy: string;
}

/** The ledger in force, or null where none was imported. */
export async function currentLedger(db: Pick<Db, 'select'>): Promise<StoredLedger | null> {
  const [row] = await db.select().from(rightsLedgers).orderBy(desc(rightsLedgers.seq)).limit(1);
  if (!row) return null;
  const { id, sha256, source, recordedBy } = row;
  return { id, sha256, source, document: ledgerSchema.parse(row.document), recordedBy };
}

/** What put a ledger in force, for the audit log. */
export type LedgerAct = Pick<AuditEntry, 'what' | 'subject'>;

/**
 * Adds a ledger after the one it was made from, and its row of the audit log.
 * @throws BacklotError `ledger-changed` where another came in between: a withdrawal must not be overwritten
 *   unseen
 */
export async function appendLedger(
  db: Db,
  ledger: StoredLedger,
  after: string | null,
  act: LedgerAct,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${rightsLedgers} in exclusive mode`);
    const newest = (await currentLedger(tx))?.id ?? null;
    if (newest !== after) throw ledgerChanged(after, newest);
    await tx.insert(rightsLedgers).values(ledger);
    const details = { ledger: ledger.id, sha256: ledger.sha256, after };
    await appendAudit(tx, { who: ledger.recordedBy, ...act, details });
  });
}

const ledgerChanged = (after: string | null, newest: string | null): BacklotError =>
  new BacklotError('ledger-changed', {
    expected: `ledger ${after ?? 'none'} still in force`,
    where: 'rights',
    found: newest ?? 'none',
    remedy: 'Somebody else recorded a ledger meanwhile: look at it and run the command again.',
  });

/** What decisions were made by. `ledgerId` is `none` where no ledger was imported. */
export interface DecidedBy {
  ledgerId: string;
  ruleVersion: string;
  use: string;
  territory: string;
  asOf: string;
}

/** Rows a statement: well under the 65,535 values that PostgreSQL takes. */
const BATCH = 1000;

/** Keeps decisions; the same question asked again replaces its answer. */
export async function recordDecisions(
  db: Db,
  by: DecidedBy,
  decisions: readonly ShotDecision[],
): Promise<void> {
  const { shotId, use, territory, ledgerId, asOf } = rightsDecisions;
  const fresh = {
    outcome: sql`excluded.outcome`,
    reasons: sql`excluded.reasons`,
    grants: sql`excluded.grants`,
    ruleVersion: sql`excluded.rule_version`,
    decidedAt: sql`excluded.decided_at`,
  };
  for (let i = 0; i < decisions.length; i += BATCH) {
    const rows = decisions.slice(i, i + BATCH).map(({ fileId: _, ...decision }) => ({ ...by, ...decision }));
    await db
      .insert(rightsDecisions)
      .values(rows)
      .onConflictDoUpdate({ target: [shotId, use, territory, ledgerId, asOf], set: fresh });
  }
}
