import { and, asc, desc, eq, inArray, max, ne, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import type { CaptionVersion, Disclosure, Tokens } from './caption-schema.ts';

const { datasetCaptions, datasetDisclosures, datasetSendings } = tables;

type Written = typeof datasetCaptions.$inferInsert;
type Permitted = typeof datasetDisclosures.$inferInsert;
type Sent = typeof datasetSendings.$inferInsert;

export async function insertDisclosure(db: Pick<Db, 'insert'>, row: Permitted): Promise<number> {
  const [added] = await db.insert(datasetDisclosures).values(row).returning({ id: datasetDisclosures.id });
  return added?.id ?? 0;
}

export type PermittedRow = Omit<Disclosure, 'title'>;

/** Every permission that was given or taken back, the newest first. */
export async function disclosureRows(db: Db): Promise<PermittedRow[]> {
  const { id, titleId, endpoint, operator, territory, allowed, who, at } = datasetDisclosures;
  const sent = db.$count(datasetSendings, eq(datasetSendings.disclosureId, id));
  const rows = await db
    .select({ id, titleId, endpoint, operator, territory, allowed, who, at, sent })
    .from(datasetDisclosures)
    .orderBy(desc(id));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }) as PermittedRow);
}

/** What was sent of each title, and the tokens that endpoints counted: of failed sendings too. */
export async function sentByTitle(db: Db): Promise<{ titleId: string; sent: number; tokens: Tokens }[]> {
  const { titleId, id } = datasetDisclosures;
  const { tokensIn, tokensOut } = datasetSendings;
  const sumOf = (column: typeof tokensIn | typeof tokensOut) =>
    sql<number>`coalesce(sum(${column}), 0)::float8`;
  const rows = await db
    .select({
      ...{ titleId, sent: sql<number>`count(*)::int`, in: sumOf(tokensIn), out: sumOf(tokensOut) },
      unsaid: sql<number>`(count(*) filter (where ${tokensIn} is null))::int`,
    })
    .from(datasetSendings)
    .innerJoin(datasetDisclosures, eq(datasetSendings.disclosureId, id))
    .groupBy(titleId)
    .orderBy(asc(titleId));
  return rows.map(({ titleId: title, sent, ...tokens }) => ({ titleId: title, sent, tokens }));
}

/** The newest permission's number, and so whether any changed. */
export async function newestDisclosure(db: Db): Promise<number> {
  const [row] = await db.select({ id: max(datasetDisclosures.id) }).from(datasetDisclosures);
  return row?.id ?? 0;
}

export async function insertSending(db: Pick<Db, 'insert'>, row: Sent): Promise<number> {
  const [added] = await db.insert(datasetSendings).values(row).returning({ id: datasetSendings.id });
  return added?.id ?? 0;
}

/** Notes what came of a sending, and the caption where one did: both or neither. */
export async function settleSending(
  db: Pick<Db, 'transaction'>,
  id: number,
  facts: Pick<Sent, 'failure' | 'tokensIn' | 'tokensOut'>,
  caption?: Written,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(datasetSendings)
      .set({ ...facts, answeredAt: sql`now()` })
      .where(eq(datasetSendings.id, id));
    if (caption) await tx.insert(datasetCaptions).values({ ...caption, sendingId: id });
  });
}

/** Shots that a model has described. */
export async function shotsDescribed(db: Db, model: string): Promise<Set<string>> {
  const { shotId } = datasetCaptions;
  const rows = await db
    .selectDistinct({ shotId })
    .from(datasetCaptions)
    .where(eq(datasetCaptions.model, model));
  return new Set(rows.map((row) => row.shotId));
}

export async function insertCaption(db: Pick<Db, 'insert'>, row: Written): Promise<void> {
  await db.insert(datasetCaptions).values(row);
}

/** All that was written of a shot, the newest first. */
export async function captionVersions(db: Db, shot: string): Promise<CaptionVersion[]> {
  const { source, caption, who, model, writtenAt } = datasetCaptions;
  const rows = await db
    .select({ source, caption, who, model, at: writtenAt })
    .from(datasetCaptions)
    .where(eq(datasetCaptions.shotId, shot))
    .orderBy(desc(datasetCaptions.id));
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }) as CaptionVersion);
}

export interface NewestCaption {
  shot: string;
  source: CaptionVersion['source'];
  caption: string;
}

/** The newest caption of each shot of a file by each source; those that were taken away are left out. */
export async function newestCaptions(db: Db, file: string): Promise<NewestCaption[]> {
  const { shotId, fileId, source, caption, id } = datasetCaptions;
  const rows = await db
    .selectDistinctOn([shotId, source], { shot: shotId, source, caption })
    .from(datasetCaptions)
    .where(eq(fileId, file))
    .orderBy(asc(shotId), asc(source), desc(id));
  return (rows as NewestCaption[]).filter((row) => row.caption !== '');
}

/** Changes when a caption was written: one row, however many there are. */
export async function captionsMark(db: Db): Promise<string> {
  const [row] = await db.select({ newest: max(datasetCaptions.id) }).from(datasetCaptions);
  return String(row?.newest ?? 0);
}

/** The newest caption's number of each file that has any. */
export async function captionMarks(db: Db): Promise<Map<string, number>> {
  const { fileId, id } = datasetCaptions;
  const rows = await db
    .select({ fileId, newest: max(id) })
    .from(datasetCaptions)
    .groupBy(fileId);
  return new Map(rows.map((row) => [row.fileId, row.newest ?? 0]));
}

const batch = 1000;

/** Takes the words of shots away; who wrote them and when stays. @returns how many there were */
export async function emptyCaptions(db: Db, shots: readonly string[]): Promise<number> {
  let emptied = 0;
  for (let at = 0; at < shots.length; at += batch) {
    const { shotId, caption, id } = datasetCaptions;
    const these = and(inArray(shotId, shots.slice(at, at + batch)), ne(caption, ''));
    const rows = await db.update(datasetCaptions).set({ caption: '' }).where(these).returning({ id });
    emptied += rows.length;
  }
  return emptied;
}
