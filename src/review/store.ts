import { asc, eq } from 'drizzle-orm';
import type { CheckLine } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { type Check, type Verdict, verdictSchema } from './schema.ts';

/** Checks of the checker and verdicts of people: two tables, never mixed. Verdicts are only ever added. */

const { reviewChecks, reviewVerdicts } = tables;

/** Keeps a check with the reading behind it; a take checked again keeps the newest. */
export async function saveCheck(db: Db, check: Check, reading: CheckLine | null): Promise<void> {
  const row = { ...check, reading, checkedAt: new Date() };
  await db.insert(reviewChecks).values(row).onConflictDoUpdate({ target: reviewChecks.takeId, set: row });
}

export async function listChecks(db: Db): Promise<Check[]> {
  const rows = await db.select().from(reviewChecks).orderBy(asc(reviewChecks.takeId));
  return rows.map(({ takeId, checkerSha256, verdict, reasons }) => ({
    ...{ takeId, checkerSha256, verdict: verdict as Check['verdict'], reasons: reasons as string[] },
  }));
}

/**
 * Adds a verdict under an id made of its content, and its row of the audit log; the note stays here.
 * @returns false where it was there already
 */
export async function addVerdict(
  { db, who }: Pick<Context, 'db' | 'who'>,
  id: string,
  verdict: Verdict,
): Promise<boolean> {
  const { take, givenAt, ...rest } = verdict;
  const row = { id, takeId: take, givenAt: new Date(givenAt), ...rest };
  return db.transaction(async (tx) => {
    const added = await tx.insert(reviewVerdicts).values(row).onConflictDoNothing().returning();
    if (added.length === 0) return false;
    const details = { id, person: verdict.person, verdict: verdict.verdict, givenAt };
    await appendAudit(tx, { who, what: 'review.verdict', subject: take, details });
    return true;
  });
}

/** Verdicts, oldest first: the last one of a person on a take is what that person thinks now. */
export async function listVerdicts(db: Db, take?: string): Promise<Verdict[]> {
  const query = db.select().from(reviewVerdicts).orderBy(asc(reviewVerdicts.givenAt), asc(reviewVerdicts.id));
  const rows = await (take === undefined ? query : query.where(eq(reviewVerdicts.takeId, take)));
  return rows.map(({ takeId, person, verdict, frame, note, givenAt }) =>
    verdictSchema.parse({ take: takeId, person, verdict, frame, note, givenAt: givenAt.toISOString() }),
  );
}
