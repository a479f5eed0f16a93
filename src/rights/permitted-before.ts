import { and, eq, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { givenFrom, type Papers } from './acting.ts';
import { lastContents } from './last-said.ts';
import { spanOf } from './moments.ts';
import { usesPermitted } from './narrowed.ts';
import { papersIn } from './papers.ts';
import { isOver } from './raw.ts';
import { eachInForce } from './register-store.ts';
import type { Consent, Grant } from './schema.ts';
import { rowsInForce } from './store.ts';

const { rightsRows } = tables;
const { section, content, ledger, supersedes } = rightsRows;

type Section = 'consents' | 'grants';
type Said = Consent | Grant;

/** A consent or a grant that was withdrawn, with what new ones are compared with, and the first of those that permit some of the same. */
interface Gone {
  row: string;
  said: Said;
  named: ReadonlySet<string>;
  permitted: ReadonlySet<string>;
  found: string[];
}

/** Rows that one warning names, and warnings that are told. */
const [NAMED, TOLD] = [10, 20];

/**
 * What a ledger newly permits that had been said before the same was withdrawn, or nobody knows when: a register whose ids have changed brings back what was withdrawn under
 * the old ones. Told, as somebody may have said it twice and withdrawn one of the two. What is new is read some rows at a time, as a register may have a million.
 * @param id of the ledger, recorded just now
 */
export async function permittedBeforeWords(db: Db, id: string, now = Date.now()): Promise<string[]> {
  const again = [
    ...(await permittedAgainIn(db, 'consents', id, now)),
    ...(await permittedAgainIn(db, 'grants', id, now)),
  ];
  const more = again.length - TOLD;
  const words = again.slice(0, TOLD).map(wordsFor);
  return more > 0
    ? [...words, `of ${more} more rows that were withdrawn what is new permits some of the same, too`]
    : words;
}

async function permittedAgainIn(db: Db, of: Section, id: string, now: number): Promise<Gone[]> {
  const gone = await withdrawnBefore(db, of, id, now);
  if (gone.length === 0) return [];
  const byTitle = byWhomAndTitle(gone);
  const papers = await papersOf(db, of, id);
  const isNew = and(eq(ledger, id), isNull(supersedes), isNull(sql`${content} ->> 'supersedes'`)) as SQL;
  await eachInForce(db, of, isNew, (rows) => {
    for (const row of rows as unknown as Said[])
      if (isPermission(row) && !isOver(row, now)) compare(row, byTitle, { of, papers });
  });
  return gone.filter(({ found }) => found.length > 0);
}

const permittedBy = (from: SQL): SQL => sql`coalesce(${from} ->> 'party', ${from} ->> 'grantor')`;

/** Of those who permit something newly, what they had withdrawn. */
async function withdrawnBefore(db: Db, of: Section, id: string, now: number): Promise<Gone[]> {
  const isGone = isNotNull(sql`${content} ->> 'withdrawn'`);
  const isTheirs = sql`${permittedBy(sql`${content}`)} in (select ${permittedBy(sql`added.content`)}
    from ${rightsRows} added where added.section = ${of} and added.ledger = ${id})`;
  const rows = await rowsInForce(db, and(eq(section, of), isGone, isTheirs, ne(ledger, id)));
  return rows.flatMap(({ key, content: row }): Gone[] => {
    const said = row as Said;
    if (!isPermission(said) || !isOver({ withdrawn: said.withdrawn }, now)) return [];
    const [named, permitted] = [new Set<string>(said.uses), new Set<string>(usesPermitted(said))];
    return [{ row: `${of}/${key}`, said, named, permitted, found: [] }];
  });
}

const isPermission = (said: Said): boolean => !('answer' in said) || said.answer === 'given';

const keysOf = (said: Said): string[] => {
  const by = 'party' in said ? said.party : said.grantor;
  return [...said.titles].map((title) => `${by}\n${title}`);
};

function byWhomAndTitle(gone: readonly Gone[]): ReadonlyMap<string, Gone[]> {
  const all = new Map<string, Gone[]>();
  for (const one of gone)
    for (const key of keysOf(one.said)) {
      const there = all.get(key);
      if (there) there.push(one);
      else all.set(key, [one]);
    }
  return all;
}

/** The papers that new rows name. */
async function papersOf(db: Db, of: Section, id: string): Promise<Papers> {
  const { rows } = await db.execute<{ agreement: string }>(sql`
    select distinct content -> 'evidence' ->> 'agreement' agreement from ${rightsRows}
    where section = ${of} and ledger = ${id} and content -> 'evidence' ->> 'agreement' is not null`);
  const named = rows.map(({ agreement }) => agreement);
  return papersIn({ agreements: await lastContents(db, 'agreements', named) });
}

/** Notes a new row with what was withdrawn and permitted some of the same, where it was not said after that; of each as many as are named, and one more. */
function compare(
  said: Said,
  byTitle: ReadonlyMap<string, Gone[]>,
  { of, papers }: { of: Section; papers: Papers },
): void {
  const open = keysOf(said).flatMap((key) => byTitle.get(key) ?? []);
  const lacking = new Set(open.filter(({ found }) => found.length <= NAMED));
  if (lacking.size === 0) return;
  const are = new Set<string>(usesPermitted(said));
  const given = givenFrom(papers, said);
  const start = given === undefined ? -Infinity : spanOf(given).start;
  for (const { said: old, named, permitted, found } of lacking) {
    const isLater = old.withdrawn !== undefined && start >= spanOf(old.withdrawn).start;
    // Who trains reads, whatever else was withdrawn: what is named counts.
    const isSame = [...said.uses].some((use) => permitted.has(use)) || [...named].some((use) => are.has(use));
    if (!isLater && isSame) found.push(`${of}/${said.id}`);
  }
}

function wordsFor({ row, said: { withdrawn }, found }: Gone): string {
  const rows = `${found.slice(0, NAMED).join(', ')}${found.length > NAMED ? ' and more' : ''}`;
  return `${row} was withdrawn on ${withdrawn}, and what is new permits some of the same and does not say that it was given since: ${rows}; where that was withdrawn too, write withdrawn there`;
}
