import { desc, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type Ledger, ledgerSchema } from './schema.ts';

const { rightsLedgers } = tables;

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

/**
 * Adds a ledger after the one it was made from.
 * @throws BacklotError `ledger-changed` where another came in between: a withdrawal must not be overwritten unseen
 */
export async function appendLedger(db: Db, ledger: StoredLedger, after: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${rightsLedgers} in exclusive mode`);
    const newest = (await currentLedger(tx))?.id ?? null;
    if (newest !== after) throw ledgerChanged(after, newest);
    await tx.insert(rightsLedgers).values(ledger);
  });
}

const ledgerChanged = (after: string | null, newest: string | null): BacklotError =>
  new BacklotError('ledger-changed', {
    expected: `ledger ${after ?? 'none'} still in force`,
    where: 'rights',
    found: newest ?? 'none',
    remedy: 'Somebody else recorded a ledger meanwhile: look at it and run the command again.',
  });
