import { and, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { givenFrom, type Papers } from './acting.ts';
import { firstRows } from './first-rows.ts';
import { lastContents } from './last-said.ts';
import { spanOf } from './moments.ts';
import { usesPermitted } from './narrowed.ts';
import { papersIn } from './papers.ts';
import { isOver } from './raw.ts';
import type { Consent, Grant } from './schema.ts';
import { rowsInForce } from './store.ts';

const { rightsRows } = tables;
const { section, content, ledger, supersedes } = rightsRows;

/** A consent or a grant, and who permits by it. */
interface Permission {
  row: string;
  by: string;
  said: Consent | Grant;
}

/**
 * What a ledger newly permits that had been said before the same was withdrawn, or nobody knows when: a register whose ids have changed brings back what was withdrawn under
 * the old ones. Told, as somebody may have said it twice and withdrawn one of the two.
 * @param id of the ledger, recorded just now
 */
export async function permittedBeforeWords(db: Db, id: string, now = Date.now()): Promise<string[]> {
  const gone = (await withdrawnBefore(db, id)).filter(({ said }) =>
    isOver({ withdrawn: said.withdrawn }, now),
  );
  if (gone.length === 0) return [];
  const added = (await addedBy(db, id, gone)).filter(({ said }) => !isOver(said, now));
  const named = [...gone, ...added].flatMap(({ said }) => said.evidence?.agreement ?? []);
  const papers = papersIn({ agreements: await lastContents(db, 'agreements', [...new Set(named)]) });
  const byWhom = Map.groupBy(added, ({ row, by }) => `${sectionOf(row)} ${by}`);
  return gone.flatMap((old) => {
    const again = byWhom.get(`${sectionOf(old.row)} ${old.by}`) ?? [];
    const rows = again.filter((one) => isBefore(one, old, papers)).map(({ row }) => row);
    return rows.length === 0 ? [] : [wordsFor(old, rows)];
  });
}

const sectionOf = (row: string): string => row.split('/')[0] ?? '';

const isPermission = inArray(section, ['consents', 'grants']);
const permittedBy = sql<string>`coalesce(${content} ->> 'party', ${content} ->> 'grantor')`;

async function withdrawnBefore(db: Db, id: string): Promise<Permission[]> {
  const isGone = isNotNull(sql`${content} ->> 'withdrawn'`);
  return permissionsIn(await rowsInForce(db, and(isPermission, isGone, ne(ledger, id))));
}

async function addedBy(db: Db, id: string, gone: readonly Permission[]): Promise<Permission[]> {
  const whose = sql`${permittedBy} = any(${texts(new Set(gone.map(({ by }) => by)))})`;
  const isNew = and(eq(ledger, id), isNull(supersedes), isNull(sql`${content} ->> 'supersedes'`));
  return permissionsIn(await rowsInForce(db, and(isPermission, isNew, whose)));
}

const permissionsIn = (rows: Awaited<ReturnType<typeof rowsInForce>>): Permission[] =>
  rows.flatMap((row) => {
    const said = row.content as Consent | Grant;
    if ('answer' in said && said.answer !== 'given') return [];
    return [{ row: `${row.section}/${row.key}`, by: 'party' in said ? said.party : said.grantor, said }];
  });

/** Whether it permits some of what another permitted, and was not said after that was withdrawn. */
function isBefore({ said }: Permission, { said: old }: Permission, papers: Papers): boolean {
  const given = givenFrom(papers, said);
  const isLater = given !== undefined && spanOf(given).start >= spanOf(old.withdrawn ?? given).start;
  const [were, are] = [new Set<string>(usesPermitted(old)), new Set<string>(usesPermitted(said))];
  return (
    !isLater &&
    [...said.titles].some((title) => old.titles.includes(title)) &&
    // Who trains reads, whatever else was withdrawn: what is named counts.
    ([...said.uses].some((use) => were.has(use)) || [...old.uses].some((use) => are.has(use)))
  );
}

const wordsFor = ({ row, said: { withdrawn } }: Permission, rows: readonly string[]): string =>
  `${row} was withdrawn on ${withdrawn}, and what is new permits some of the same and does not say that it was given since: ${firstRows(rows)}; where that was withdrawn too, write withdrawn there`;
