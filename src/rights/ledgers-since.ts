import { and, desc, eq, gt, gte, inArray, lt, min, notInArray, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { tables } from '../db/index.ts';
import { documentOf, newestRecording, type Reader, rowsInForce, type StoredLedger } from './store.ts';

const { provenanceAudit: audit, rightsLedgers, rightsRows } = tables;

type Document = Pick<StoredLedger, 'id' | 'document'>;

/** What an update recorded, refusals that an earlier version had let consents replace: nobody was told what it refuses (migration 0030). */
export const STAND_AGAIN = 'refusals that consents had replaced stand again';

/**
 * The ledger in force, and the one that was before another, or before an update if nothing was imported since. A row that both hold is one object, read once; in the older one, rows that
 * were replaced since come last.
 * @returns null where there was none before
 */
export async function ledgersSince(
  db: Reader,
  id: string,
): Promise<Record<'before' | 'now', Document> | null> {
  const { id: ledger, seq } = rightsLedgers;
  const first = firstUntold(db, id);
  const earlier = db.select({ id: ledger }).from(rightsLedgers).where(lt(seq, first)).orderBy(desc(seq));
  const [[before], newest] = [await earlier.limit(1), await newestRecording(db)];
  if (!before || !newest) return null;
  const since = db.select({ id: ledger }).from(rightsLedgers).where(gte(seq, first));
  const until = db.select({ id: ledger }).from(rightsLedgers).where(lt(seq, first));
  const { rows, said } = { rows: rightsRows, said: alias(rightsRows, 'said') };
  const again = db
    .select({ section: said.section, key: said.key })
    .from(said)
    .where(inArray(said.ledger, since));
  const kept = await rowsInForce(db, notInArray(rows.ledger, since));
  const added = await rowsInForce(db, inArray(rows.ledger, since));
  const replaced = sql`(${rows.section}, ${rows.key}) in ${again}`;
  const gone = await rowsInForce(db, replaced, (of) => inArray(of, until));
  return {
    before: { id: before.id, document: documentOf([...kept, ...gone]) },
    now: { id: newest.id, document: documentOf([...kept, ...added]) },
  };
}

/** The recording itself; an update before it, where no file or register was imported in between. */
function firstUntold(db: Reader, id: string) {
  const { id: ledger, seq, source } = rightsLedgers;
  const own = db.select({ seq }).from(rightsLedgers).where(eq(ledger, id));
  const imported = db
    .select({ ledger: sql<string>`${audit.details} ->> 'ledger'` })
    .from(audit)
    .where(inArray(audit.what, ['rights.import', 'rights.register']));
  const last = db
    .select({ seq: sql`coalesce(max(${seq}), 0)` })
    .from(rightsLedgers)
    .where(and(lt(seq, own), inArray(ledger, imported)));
  const updated = and(eq(source, STAND_AGAIN), lt(seq, own), gt(seq, last));
  return db
    .select({ seq: min(seq) })
    .from(rightsLedgers)
    .where(or(eq(ledger, id), updated));
}
