import { sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { isWhole, listed, listingSections, listingsOf } from './listings.ts';
import type { Ledger, Listing } from './schema.ts';
import { successorsIn } from './successors.ts';

const { rightsRows: rows } = tables;

/**
 * The ledger with each statement about a whole title as it was meant: of the reels that the title had when it was first recorded. Nobody has looked
 * at a reel that came later. Such a statement becomes one of each of those reels; others stay as they are.
 */
export async function asStated(db: Pick<Db, 'execute'>, ledger: Ledger): Promise<Ledger> {
  const whole = listed.flatMap((what) =>
    listingsOf(ledger, what)
      .filter(isWhole)
      .map(({ id, title, by, on }) => ({ section: listingSections[what], id, title, by, on })),
  );
  if (whole.length === 0) return ledger;
  const reels = await reelsThen(db, whole, await titlesBefore(db, ledger));
  const now = new Map(ledger.titles.map(({ id, files }) => [id, files]));
  const narrowed = (what: (typeof listed)[number]) =>
    listingsOf(ledger, what).flatMap((row) => {
      const then = reels.get(`${listingSections[what]}/${row.id}`);
      return isWhole(row) && then ? ofReels(row, now.get(row.title) ?? [], then) : [row];
    });
  return { ...ledger, casts: narrowed('cast'), inventories: narrowed('materials') };
}

function ofReels(row: Listing, now: readonly string[], then: ReadonlySet<string>): Listing[] {
  const known = now.filter((file) => then.has(file));
  return known.length === now.length ? [row] : known.map((file) => ({ ...row, file }));
}

type Said = Pick<Listing, 'id' | 'title' | 'by' | 'on'> & { section: string };

/** The files of the title that each statement named when the same was first recorded by the same of the same day, by `<section>/<id>`. */
async function reelsThen(
  db: Pick<Db, 'execute'>,
  whole: readonly Said[],
  before: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, ReadonlySet<string>>> {
  const said = whole.map((one) => ({ ...one, titles: [one.title, ...(before.get(one.title) ?? [])] }));
  const found = await db.execute<{ row: string; files: string[] }>(sql`
    select w.section || '/' || w.id as row, title.files
    from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) w(section text, id text, titles jsonb, "by" text, "on" text)
    join lateral (select said.seq, said.content ->> 'title' as title from ${rows} said
      where said.section = w.section and said.key = w.id and w.titles ? (said.content ->> 'title')
        and said.content ->> 'by' = w."by" and said.content ->> 'on' = w."on"
        and said.content -> 'file' is null and said.content -> 'shots' is null
      order by said.seq limit 1) first on true
    join lateral (select t.content -> 'files' as files from ${rows} t
      where t.section = 'titles' and t.key = first.title and t.content is not null
      order by t.seq > first.seq, abs(t.seq - first.seq) limit 1) title on true`);
  return new Map(found.rows.map(({ row, files }) => [row, new Set(files)]));
}

/** By titles that replace others the ids of those, and of what those replaced: a word about one is not said anew where its title has another id. */
async function titlesBefore(
  db: Pick<Db, 'execute'>,
  { titles }: Ledger,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (titles.every(({ supersedes }) => supersedes === undefined)) return new Map();
  const found = await db.execute<{ id: string; old: string }>(sql`
    select distinct key as id, content ->> 'supersedes' as old from ${rows}
    where section = 'titles' and content ->> 'supersedes' is not null`);
  const successors = successorsIn(found.rows.map(({ id, old }) => ({ id, supersedes: old })));
  const olds = found.rows.flatMap(({ old }) => successors(old).map((id) => ({ id, old })));
  const groups = Map.groupBy(olds, ({ id }) => id);
  return new Map([...groups].map(([id, each]) => [id, each.map(({ old }) => old)]));
}
