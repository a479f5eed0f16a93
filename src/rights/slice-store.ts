import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import type { NamedFile } from './match.ts';
import type { Ledger } from './schema.ts';
import { asStated } from './stated-store.ts';
import { documentOf, newestRecording, rowsInForce, type Version } from './store.ts';

const { section, key, content } = tables.rightsRows;

/** The part of the ledger in force that can matter to shots of some files. */
export interface Around {
  id: string;
  document: Ledger;
  /** Who recorded a row and on which day, by `<section>/<id>`. */
  recorded: Map<string, { by: string; on: string }>;
}

/** The rows around files and about named performers, found by index; null where no ledger was imported. */
export async function ledgerAround(
  db: Db,
  files: readonly NamedFile[],
  performers: readonly string[] = [],
): Promise<Around | null> {
  const newest = await newestRecording(db);
  if (!newest) return null;
  const titles = await rowsInForce(db, and(eq(section, 'titles'), hasAny('files', files.flatMap(formsOf))));
  const document = documentOf(titles);
  const known = document.titles.map(({ id }) => id);
  const rows = known.length > 0 ? await rowsOfTitles(db, known) : await rowsOfAll(db);
  const people = await rowsOfPeople(db, partiesIn(rows, performers));
  const beside = await rowsBeside(db, [...rows, ...people]);
  const all = [...titles, ...rows, ...people, ...beside];
  const recorded = new Map(all.map((row) => [`${row.section}/${row.key}`, recordedOf(row)]));
  return { id: newest.id, document: await asStated(db, documentOf(all)), recorded };
}

const recordedOf = ({ recordedBy, recordedAt }: Version) => ({
  by: recordedBy,
  on: recordedAt.toISOString().slice(0, 10),
});

/** The ways in which a ledger can write the file: Unicode has several for one name. */
const formsOf = ({ name, sha256, also = [] }: NamedFile): string[] => [
  ...new Set(
    [name, ...also].flatMap((one) => [one, one.normalize('NFC'), one.normalize('NFD')]).concat(sha256),
  ),
];

const has = (field: string, value: string): SQL =>
  sql`${content} -> ${sql.raw(`'${field}'`)} @> ${JSON.stringify(value)}::jsonb`;

const hasAny = (field: string, values: readonly string[]): SQL =>
  sql`${content} -> ${sql.raw(`'${field}'`)} ?| ${texts(values)}`;

const rowsOfTitles = (db: Db, titles: readonly string[]): Promise<Version[]> =>
  rowsInForce(
    db,
    or(
      sql`${content} ->> 'title' = any(${texts(titles)})`,
      and(inArray(section, ['grants', 'restrictions', 'obligations', 'approvals']), hasAny('titles', titles)),
      and(inArray(section, ['restrictions', 'obligations']), has('titles', 'all')),
      eq(section, 'policies'),
    ),
  );

/** What holds where nobody knows the title. */
const rowsOfAll = (db: Db): Promise<Version[]> =>
  rowsInForce(db, and(eq(section, 'restrictions'), has('titles', 'all')));

function partiesIn(rows: readonly Version[], performers: readonly string[]): string[] {
  const named = rows.flatMap((row) => {
    const { party, grantor } = row.content as { party?: string; grantor?: string };
    return [party, grantor];
  });
  return [...new Set([...named, ...performers])].filter((id) => id !== undefined);
}

const rowsOfPeople = (db: Db, people: string[]): Promise<Version[]> =>
  people.length === 0
    ? Promise.resolve([])
    : rowsInForce(
        db,
        or(
          and(eq(section, 'parties'), inArray(key, people)),
          and(eq(section, 'consents'), sql`${content} ->> 'party' = any(${texts(people)})`),
        ),
      );

/** Who spoke for somebody else or may approve, and the agreements that say when it was. */
async function rowsBeside(db: Db, rows: readonly Version[]): Promise<Version[]> {
  const known = new Set(rows.map((row) => `${row.section}/${row.key}`));
  const wanted = rows.flatMap(({ content: row }) => {
    const { givenBy, imposedBy, by, evidence } = row as Partial<Record<string, string>> & {
      evidence?: { agreement: string };
    };
    const people = [givenBy, imposedBy, by].map((id) => id && `parties/${id}`);
    return [...people, evidence && `agreements/${evidence.agreement}`];
  });
  const missing = [...new Set(wanted)].filter((id) => id !== undefined && !known.has(id));
  const keysOf = (name: string) =>
    missing.flatMap((id) => (id?.startsWith(`${name}/`) ? id.slice(name.length + 1) : []));
  if (missing.length === 0) return [];
  const named = (['parties', 'agreements'] as const).map((name) => ({ name, keys: keysOf(name) }));
  return rowsInForce(
    db,
    or(
      ...named
        .filter(({ keys }) => keys.length > 0)
        .map(({ name, keys }) => and(eq(section, name), inArray(key, keys))),
    ),
  );
}
