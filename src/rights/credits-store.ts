import { asc } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { appendAudit } from '../jobs/index.ts';

const { rightsCredits } = tables;

/** What a person said of a name in a title's credits. */
export interface CreditAnswer {
  title: string;
  /** As `nameKey` has it. */
  name: string;
  /** Null: nobody whose appearance counts. */
  party: string | null;
  who: string;
}

/** The newest answer to each name of each title, by `<title>/<name>`. */
export async function creditAnswers(
  db: Pick<Db, 'select'>,
): Promise<Map<string, CreditAnswer & { at: string }>> {
  const rows = await db.select().from(rightsCredits).orderBy(asc(rightsCredits.id));
  return new Map(
    rows.map(({ title, name, party, who, answeredAt }) => [
      `${title}/${name}`,
      { title, name, party, who, at: answeredAt.toISOString() },
    ]),
  );
}

/** Adds an answer and its row of the audit log, both or none. */
export async function insertAnswer(db: Pick<Db, 'transaction'>, answer: CreditAnswer): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(rightsCredits).values(answer);
    const { title, name, party, who } = answer;
    await appendAudit(tx, { who, what: 'rights.answer', subject: title, details: { name, party } });
  });
}
