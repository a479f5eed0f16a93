import { eq } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';

const { runWork } = tables;

/** What a wish has cost so far; `made` is the digest of what came out, null while it is not finished. */
type Work = typeof runWork.$inferSelect;

export async function readWork(db: Db, wish: string): Promise<Work | null> {
  const [row] = await db.select().from(runWork).where(eq(runWork.wish, wish));
  return row ?? null;
}

export async function saveWork(db: Db, work: Omit<Work, 'changedAt'>): Promise<void> {
  const row = { ...work, changedAt: new Date() };
  await db.insert(runWork).values(row).onConflictDoUpdate({ target: runWork.wish, set: row });
}
