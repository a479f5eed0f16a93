import { and, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { successorsOf } from './chain.ts';
import { replacing } from './last-said.ts';
import { liftsOf } from './lifting.ts';
import { listOf, type Row, type Section, sections, textOf } from './raw.ts';
import { eachInForce } from './register-store.ts';
import { partiesGone } from './said-for-others.ts';
import type { LedgerTitle, RegisterSection } from './schema.ts';
import { rowsInForce } from './store.ts';

const { section, key, content } = tables.rightsRows;

/** What of the ledger in force the rows of a register speak of. */
export interface Around {
  ids: Record<Section, Set<string>>;
  /** Rows of other sections. */
  document: Partial<Record<Section, Row[]>>;
  /** Rows of the section that say something of others of it. */
  related: Row[];
  /** What grants in force permit to one alone, as `soleKeys` tells it. */
  sole: ReadonlySet<string>;
  /** Ids of rows that others have replaced, in any version of the ledger, and of refusals that consents in force lift. */
  replaced: ReadonlySet<string>;
  /** Of a register of consents or approvals: who withdrew everything, each since when. */
  left: ReadonlyMap<string, string>;
  /** Of a register of grants or papers, by id. */
  titles: ReadonlyMap<unknown, LedgerTitle>;
}

/** Sections of which rows are read whole, by the section of the register. */
const spokenOf: Readonly<Record<RegisterSection, readonly Section[]>> = {
  parties: [],
  agreements: ['titles', 'policies'],
  grants: ['titles', 'materials', 'policies'],
  restrictions: [],
  consents: ['parties'],
  obligations: [],
  approvals: ['parties', 'restrictions'],
};

/** Sections whose ids any row may name. */
const named: readonly Section[] = ['parties', 'titles', 'materials', 'agreements', 'restrictions'];

export async function aroundRegister(db: Db, of: RegisterSection): Promise<Around> {
  const ids = Object.fromEntries(sections.map((name) => [name, new Set<string>()])) as Around['ids'];
  for (const name of named) ids[name] = await keysInForce(db, name);
  const document: Around['document'] = {};
  for (const name of ['agreements', ...spokenOf[of]] as const)
    document[name] = await contentsOf(db, eq(section, name));
  if (of === 'parties')
    document.consents = await contentsOf(db, and(eq(section, 'consents'), has('givenBy')));
  const related = await contentsOf(db, and(eq(section, of), or(...relating.map(has))));
  const titles = new Map((document.titles ?? []).map((row) => [row.id, row as LedgerTitle]));
  const isAsked = of === 'grants' || of === 'agreements';
  const sole = isAsked ? await soleInForce(db, titles) : new Set<string>();
  const ever = (await replacements(db, of)).map(({ supersedes }) => supersedes);
  const replaced = new Set([...ever, ...(of === 'consents' ? liftsOf(related).keys() : [])]);
  const left = of === 'consents' || of === 'approvals' ? await partiesGone(db) : new Map<string, string>();
  return { ids, document, related, sole, replaced, left, titles };
}

/** Which rows ever replaced which, whether they are in force or not. */
export async function replacements(db: Db, of: Section): Promise<{ id: string; supersedes: string }[]> {
  const supersedes = sql<string>`${content} ->> 'supersedes'`;
  return db
    .selectDistinct({ id: key, supersedes })
    .from(tables.rightsRows)
    .where(and(eq(section, of), sql`${supersedes} is not null`, replacing(of)));
}

async function soleInForce(db: Db, titles: Around['titles']): Promise<ReadonlySet<string>> {
  const sole = new Set<string>();
  await eachInForce(db, 'grants', sql`${content} ->> 'exclusive' = 'true'`, (rows) => {
    for (const key of soleKeys(rows, titles)) sole.add(key);
  });
  return sole;
}

/** Fields by which rows of one section speak of each other. */
export const relating = ['supersedes', 'lifts', 'representedBy', 'ids'] as const;

const has = (field: string): SQL => isNotNull(sql`${content} -> ${sql.raw(`'${field}'`)}`);

const contentsOf = async (db: Db, where: SQL | undefined): Promise<Row[]> =>
  (await rowsInForce(db, where)).map((row) => row.content as Row);

async function keysInForce(db: Db, of: Section, among?: readonly string[]): Promise<Set<string>> {
  const asked =
    among === undefined
      ? sql``
      : sql`and key in (select jsonb_array_elements_text(${JSON.stringify(among)}::jsonb))`;
  const { rows } = await db.execute<{ key: string }>(sql`select key from (
      select distinct on (key) key, content is not null as stands from ${tables.rightsRows}
      where section = ${of} ${asked} order by key, seq desc) newest where stands`);
  return new Set(rows.map((row) => row.key));
}

/** Which of the keys are in force. */
export const knownKeys = (db: Db, of: Section, among: readonly string[]): Promise<Set<string>> =>
  among.length === 0 ? Promise.resolve(new Set()) : keysInForce(db, of, among);

/** All grants in force. */
export const grantsInForce = (db: Db): Promise<Row[]> => contentsOf(db, eq(section, 'grants'));

/** Grants in force of these grantors, some at a time. */
export const eachGrantOf = (
  db: Db,
  grantors: readonly string[],
  each: (rows: readonly Row[]) => void,
): Promise<void> => eachInForce(db, 'grants', sql`${content} ->> 'grantor' = any(${texts(grantors)})`, each);

/** What a grant permits to one alone, of which title, and by whom: who gave it, and who can have come to own the title after that. */
export const soleKeys = (rows: readonly Row[], titles: Around['titles']): Set<string> =>
  new Set(
    rows
      .filter(({ exclusive }) => exclusive === true)
      .flatMap((row) =>
        listOf(row.titles).flatMap((title) =>
          boundBy(row, titles.get(title)).flatMap((grantor) => keysOf({ grantor, titles: [title] })),
        ),
      ),
  );

const boundBy = ({ grantor }: Row, title: LedgerTitle | undefined): unknown[] => [
  grantor,
  ...(title ? successorsOf(title, textOf(grantor) ?? '', -Infinity).keys() : []),
];

export const keysOf = ({ grantor, titles }: Row): string[] =>
  listOf(titles).map((title) => `${textOf(grantor)}\n${textOf(title)}`);
