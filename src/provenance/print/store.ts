import { and, asc, eq, gt, inArray, isNotNull, isNull, ne, or } from 'drizzle-orm';
import { type Db, tables } from '../../db/index.ts';
import type { Take } from '../store.ts';
import { blocksOf } from './coarse.ts';
import type { Print } from './match.ts';
import { PRINT_VERSION } from './print.ts';

const { provenancePrints: prints, generateTakes: takes } = tables;

/** Fingerprints read at once: about 4 MB of those of short takes. */
const PAGE = 1000;

export type Outcome = { cells: Uint8Array } | { reason: string };

export async function writePrint(db: Pick<Db, 'insert'>, takeId: string, outcome: Outcome): Promise<void> {
  const cells = 'cells' in outcome ? outcome.cells : null;
  const reason = 'reason' in outcome ? outcome.reason : null;
  const row = { version: PRINT_VERSION, cells, reason };
  await db
    .insert(prints)
    .values({ takeId, ...row })
    .onConflictDoUpdate({ target: prints.takeId, set: row });
}

/** Takes of which nobody has tried to make a fingerprint of this version. */
export async function untriedTakes(db: Db): Promise<Take[]> {
  const untried = or(isNull(prints.takeId), ne(prints.version, PRINT_VERSION));
  const joined = db.select({ take: takes }).from(takes).leftJoin(prints, eq(prints.takeId, takes.id));
  return (await joined.where(untried).orderBy(asc(takes.id))).map(({ take }) => take);
}

/** Of some takes, those of which nobody has tried it. */
export async function untriedOf(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const of = and(inArray(prints.takeId, [...ids]), eq(prints.version, PRINT_VERSION));
  const tried = new Set((await db.select({ id: prints.takeId }).from(prints).where(of)).map(({ id }) => id));
  return new Set(ids.filter((id) => !tried.has(id)));
}

/** All fingerprints, a page at a time, by take. */
export async function* printPages(db: Db): AsyncGenerator<Print[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ take: prints.takeId, cells: prints.cells })
      .from(prints)
      .where(and(gt(prints.takeId, after), eq(prints.version, PRINT_VERSION), isNotNull(prints.cells)))
      .orderBy(asc(prints.takeId))
      .limit(PAGE);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ take, cells }) => printed(take, cells as Uint8Array));
    after = last.take;
  }
}

const printed = (take: string, cells: Uint8Array): Print => ({ take, cells, blocks: blocksOf(cells) });

/** Takes that have no fingerprint, with the reason. */
export const reasonsWithout = async (db: Db): Promise<{ take: string; reason: string }[]> =>
  (
    await db
      .select({ take: prints.takeId, reason: prints.reason })
      .from(prints)
      .where(and(isNotNull(prints.reason), eq(prints.version, PRINT_VERSION)))
      .orderBy(asc(prints.takeId))
  ).map(({ take, reason }) => ({ take, reason: reason ?? '' }));
