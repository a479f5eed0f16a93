import { and, asc, eq, gt, inArray, max, type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { newestRecording, type Writer } from './store.ts';

/** Whether what was decided still stands when what came of it is recorded (ADR 0151). */

const { provenanceAudit: audit } = tables;

/** What a withdrawal's blocks say in the audit log; provenance, to the right, writes it. */
export const BLOCKING = 'provenance.block';
const STOPPING = [BLOCKING, 'provenance.retire'];

/** By what something was decided: the ledger, what was blocked or retired by then, and how far the audit log had come. */
export interface Standing {
  ledger: string | null;
  stopped: number;
  head: number;
}

export async function standing(db: Pick<Db, 'select'>): Promise<Standing> {
  const { seq, what } = audit;
  const newest = async (where?: SQL): Promise<number> =>
    (
      await db
        .select({ seq: max(seq) })
        .from(audit)
        .where(where)
    )[0]?.seq ?? 0;
  const [head, stopped] = [await newest(), await newest(inArray(what, STOPPING))];
  return { head, stopped, ledger: (await newestRecording(db))?.id ?? null };
}

const isSame = (a: Standing, b: Standing): boolean => a.ledger === b.ledger && a.stopped === b.stopped;

/**
 * Records what was made by a decision in one transaction with the question whether that still stands. Where another ledger is in force
 * by now, or something was blocked or retired, it is decided anew first, as often as that happens.
 * @param by taken before the first decision
 * @param again decides anew; throws where it is refused, and nothing is recorded
 * @param write works with the transaction alone
 */
export async function recordStanding<T>(
  db: Db,
  by: Standing,
  again: () => Promise<unknown>,
  write: (tx: Writer) => Promise<T>,
): Promise<T> {
  for (let decided = by; ; ) {
    const now = await standing(db);
    if (!isSame(now, decided)) await again();
    decided = now;
    const done = await db.transaction(async (tx) => {
      // Whoever changes the ledger or blocks writes to the log in the same transaction: nobody does before this one has ended.
      await tx.execute(sql`lock table ${audit} in exclusive mode`);
      return isSame(await standing(tx), now) ? { written: await write(tx) } : null;
    });
    if (done) return done.written;
  }
}

/** The ledger's rows whose withdrawal was followed since, each once, in their order. */
export async function withdrawnSince(db: Pick<Db, 'select'>, { head }: Standing): Promise<string[]> {
  const { subject, what, seq } = audit;
  const since = and(eq(what, BLOCKING), gt(seq, head));
  const rows = await db.select({ subject }).from(audit).where(since).orderBy(asc(seq));
  return [...new Set(rows.map((row) => row.subject))];
}
