import { and, asc, eq, inArray, not, notExists, or, sql } from 'drizzle-orm';
import { type Db, tables } from '../../db/index.ts';
import type { Rectangle } from '../schema.ts';
import type { PrintSource } from './find.ts';
import type { Print } from './prints.ts';
import { type Choice, type Copy, copySchema } from './schema.ts';

const { shotsChoices, shotsComparisons, shotsCopies, shotsPrints, shotsShots } = tables;

/** Rows of one insert: PostgreSQL takes 65,535 parameters, and prints are large. */
const batch = 1000;

export async function savePrints(db: Pick<Db, 'insert'>, prints: readonly Print[]): Promise<void> {
  for (let at = 0; at < prints.length; at += batch) {
    const rows = prints.slice(at, at + batch).map(({ shot, file, ...rest }) => ({
      ...{ shotId: shot, fileId: file },
      ...rest,
    }));
    await db
      .insert(shotsPrints)
      .values(rows)
      .onConflictDoUpdate({
        target: shotsPrints.shotId,
        set: { first: sql`excluded.first`, grids: sql`excluded.grids`, compared: null },
      });
  }
}

/** Ids of the files whose shots were found before prints were taken. */
export async function filesWithoutPrints(db: Db): Promise<Set<string>> {
  const print = db.select().from(shotsPrints).where(eq(shotsPrints.shotId, shotsShots.id));
  const rows = await db.selectDistinct({ file: shotsShots.fileId }).from(shotsShots).where(notExists(print));
  return new Set(rows.map(({ file }) => file));
}

const printOf = ({ shotId, fileId, first, grids }: typeof shotsPrints.$inferSelect): Print => ({
  ...{ shot: shotId, file: fileId },
  ...{ first, grids },
});

/** The prints of the workspace, and the film of each of their shots. */
type Stored = Omit<PrintSource, 'detail'> & { films: ReadonlyMap<string, string> };

/**
 * All prints of the workspace, read file by file.
 * @param finder the way of comparing: shots that were compared by it are not new
 */
export async function printsOf(db: Db, finder: string): Promise<Stored> {
  const { shotId, fileId, compared } = shotsPrints;
  const order = await db
    .select({ shotId, fileId, compared })
    .from(shotsPrints)
    .orderBy(asc(fileId), asc(shotId));
  const ids = order.map((row) => row.shotId);
  const files = [...new Set(order.map((row) => row.fileId))];
  return {
    films: new Map(order.map((row) => [row.shotId, row.fileId])),
    isNew: (number) => order[number]?.compared !== finder,
    async *all() {
      for (const file of files) {
        const rows = await db.select().from(shotsPrints).where(eq(fileId, file)).orderBy(asc(shotId));
        for (const row of rows) yield printOf(row);
      }
    },
    some: async (numbers) => {
      const wanted = numbers.map((number) => ids[number] as string);
      if (wanted.length === 0) return [];
      const rows = await db.select().from(shotsPrints).where(inArray(shotId, wanted));
      const found = new Map(rows.map((row) => [row.shotId, printOf(row)]));
      return wanted.map((id) => found.get(id) as Print);
    },
  };
}

/** The prints of some shots, read a thousand at a time: those of 100,000 shots take half a gigabyte. */
export async function* printsOfShots(db: Db, shots: readonly string[]): AsyncGenerator<Print> {
  for (let at = 0; at < shots.length; at += batch) {
    const some = inArray(shotsPrints.shotId, shots.slice(at, at + batch));
    for (const row of await db.select().from(shotsPrints).where(some)) yield printOf(row);
  }
}

/** Removes the pictures of prints. The rows stay, so that no film is read again for them. */
export async function emptyPrints(db: Db, shots: readonly string[]): Promise<void> {
  for (let at = 0; at < shots.length; at += batch) {
    const some = inArray(shotsPrints.shotId, shots.slice(at, at + batch));
    await db.update(shotsPrints).set({ grids: new Uint8Array() }).where(some);
  }
}

/** Those of some shots whose prints have no picture, and how many frames they have. */
export async function emptiedAmong(
  db: Db,
  shots: readonly string[],
): Promise<{ shot: string; file: string; frames: number }[]> {
  const { shotId: shot, fileId: file, grids } = shotsPrints;
  const frames = sql<number>`${shotsShots.outFrame} - ${shotsShots.inFrame}`;
  const found: { shot: string; file: string; frames: number }[] = [];
  for (let at = 0; at < shots.length; at += batch) {
    const some = inArray(shot, shots.slice(at, at + batch));
    const rows = db.select({ shot, file, frames }).from(shotsPrints);
    const joined = rows.innerJoin(shotsShots, eq(shotsShots.id, shot));
    found.push(...(await joined.where(and(some, sql`length(${grids}) = 0`))));
  }
  return found;
}

/** Where all shots lie, with the active picture of those that have one of their own. */
export const ownPictures = (db: Db) =>
  db
    .select({
      ...{ id: shotsShots.id, fileId: shotsShots.fileId },
      ...{ inFrame: shotsShots.inFrame, outFrame: shotsShots.outFrame },
      picture: sql<Rectangle | null>`${shotsShots.facts}->'activePicture'`,
    })
    .from(shotsShots);

/** How many shots have prints. */
export const countPrints = (db: Db): Promise<number> => db.$count(shotsPrints);

/** The pairs that were found when prints with this mark were compared; null where they were not. */
export async function copiesAt(db: Db, mark: string): Promise<Copy[] | null> {
  if ((await db.$count(shotsComparisons, eq(shotsComparisons.mark, mark))) === 0) return null;
  const rows = await db.select().from(shotsCopies).orderBy(asc(shotsCopies.a), asc(shotsCopies.b));
  return rows.map(({ facts }) => copySchema.parse(facts));
}

/** A pair that nobody can find again: the pictures of one of its shots were removed. */
const isLastWord = sql`exists (select from ${shotsPrints} p where p.shot_id in (${shotsCopies.a}, ${shotsCopies.b})
  and length(p.grids) = 0)`;

/** Whether copies were ever looked for. */
export const wereCompared = async (db: Db): Promise<boolean> => (await db.$count(shotsComparisons)) > 0;

/** Pairs as they were found last, of one shot or of all, whether or not films were added since. */
export async function lastCopies(db: Db, shot?: string): Promise<Copy[]> {
  const { a, b, facts } = shotsCopies;
  const ofOne = shot === undefined ? undefined : or(eq(a, shot), eq(b, shot));
  const rows = await db.select({ facts }).from(shotsCopies).where(ofOne).orderBy(asc(a), asc(b));
  return rows.map((row) => copySchema.parse(row.facts));
}

/** Pairs of which no shot was compared anew or is gone. */
export async function copiesBefore(db: Db, finder: string): Promise<Copy[]> {
  const { a, b, facts } = shotsCopies;
  const compared = sql`(select count(*) from ${shotsPrints} p where p.shot_id in (${a}, ${b}) and p.compared = ${finder}) = 2`;
  const rows = await db.select({ facts }).from(shotsCopies).where(compared).orderBy(asc(a), asc(b));
  return rows.map((row) => copySchema.parse(row.facts));
}

/** Keeps the pairs found; those of an earlier comparison go, but for those that cannot be found again. */
export async function saveCopies(
  db: Db,
  { mark, finder }: { mark: string; finder: string },
  copies: readonly Copy[],
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(shotsCopies).where(not(isLastWord));
    await tx.delete(shotsComparisons);
    const rows = copies.map((copy) => ({ a: copy.a.shot, b: copy.b.shot, facts: copy }));
    for (let at = 0; at < rows.length; at += batch) {
      await tx
        .insert(shotsCopies)
        .values(rows.slice(at, at + batch))
        .onConflictDoNothing();
    }
    const isNew = sql`${shotsPrints.compared} is distinct from ${finder}`;
    await tx.update(shotsPrints).set({ compared: finder }).where(isNew);
    await tx.insert(shotsComparisons).values({ mark });
  });
}

/** Adds a choice. @param db the transaction that writes its audit row too */
export async function insertChoice(
  db: Pick<Db, 'insert'>,
  shots: readonly string[],
  who: string,
): Promise<void> {
  await db.insert(shotsChoices).values({ shots, who });
}

/** All choices, the oldest first. */
export async function listChoices(db: Db): Promise<Choice[]> {
  const rows = await db.select().from(shotsChoices).orderBy(asc(shotsChoices.id));
  return rows.map(({ shots, who, chosenAt }) => ({
    shots: shots as string[],
    ...{ who, at: chosenAt.toISOString() },
  }));
}
