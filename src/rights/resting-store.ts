import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { listFilesNamed } from '../catalog/index.ts';
import { type Db, tables, texts } from '../db/index.ts';
import { shotPlaces } from '../shots/index.ts';
import type { Target, Targets } from './claims.ts';
import { historyOf, type Recorded } from './history.ts';
import { replacing, stood } from './last-said.ts';
import type { Section } from './raw.ts';
import { filmsConcerned, type Resting, restingShots } from './resting.ts';

const { rightsLedgers, rightsRows } = tables;
const { section, key, content } = rightsRows;

/** What rests on a row, and the row as it is in force or was last. */
export interface RestedOn {
  row: object;
  /** False where it never was in force: another row of the file that had it took its place. */
  stood: boolean;
  resting: Resting;
}

/** The shots that rest on a row of the ledger or have rested on it; null where there never was one. */
export async function restingOn(db: Db, target: Target): Promise<RestedOn | null> {
  const [kind] = kinds.filter((one) => target[one] !== undefined);
  const newest = kind && (await newestContent(db, sectionOf[kind], target[kind] ?? ''));
  if (!newest) return null;
  const targets: Targets = { [kind]: await idsOf(db, sectionOf[kind], target[kind] ?? '') };
  const history = historyOf(await rowsAbout(db, targets));
  const films = filmsConcerned(history, targets, await listFilesNamed(db));
  const shots = await shotPlaces(db, { files: films.byAny.keys() });
  return { ...newest, resting: restingShots(history, targets, films, shots) };
}

export const sectionOf = { party: 'parties', grant: 'grants', consent: 'consents', title: 'titles' } as const;
export type Kind = keyof typeof sectionOf;
export const kinds = Object.keys(sectionOf) as Kind[];

/** What a row says or, where it is no longer in force, said last while it was; of one that never was in force, what was said of it last. */
async function newestContent(db: Db, of: Section, id: string): Promise<Omit<RestedOn, 'resting'> | null> {
  const its = and(eq(section, of), eq(key, id), sql`${content} is not null`);
  const [newest] = await db
    .select({ row: sql<object>`${content}`, stood: sql<boolean>`${stood}` })
    .from(rightsRows)
    .where(its)
    .orderBy(sql`${stood} desc, ${rightsRows.seq} desc`)
    .limit(1);
  return newest ?? null;
}

/** The id of a row with those of the rows that any of its versions says it replaces, and that these replaced. */
async function idsOf(db: Db, of: Section, id: string): Promise<string[]> {
  const old = sql<string>`${content} ->> 'supersedes'`;
  const ids = new Set([id]);
  for (let next = [id]; next.length > 0; ) {
    const rows = await db
      .selectDistinct({ old })
      .from(rightsRows)
      .where(and(eq(section, of), inArray(key, next), sql`${old} is not null`, replacing(of)));
    next = rows.map((row) => row.old).filter((one) => !ids.has(one));
    for (const one of next) ids.add(one);
  }
  return [...ids];
}

const field = (name: string, values: readonly (string | undefined)[]): SQL =>
  sql`${content} ->> ${sql.raw(`'${name}'`)} = any(${texts(values.map(String))})`;

/**
 * Every version of the rows of which one is such, in the order of recording: all in one row, as a thousand take longer to read than to
 * find. The other versions tell until when that was so.
 */
async function versionsOf(db: Db, of: Section, where?: SQL): Promise<Recorded[]> {
  const found = db
    .select({ key })
    .from(rightsRows)
    .where(and(eq(section, of), where));
  const each = sql`json_build_array(${key}, ${content}, ${rightsLedgers.seq}, ${rightsLedgers.recordedAt})`;
  const all = sql<
    [string, object | null, number, string][] | null
  >`json_agg(${each} order by ${asc(rightsRows.seq)})`;
  const rows = await db
    .select({ all })
    .from(rightsRows)
    .innerJoin(rightsLedgers, eq(rightsLedgers.id, rightsRows.ledger))
    .where(and(eq(section, of), where && inArray(key, found)));
  return (rows[0]?.all ?? []).map(([named, said, recording, at]) => ({
    ...{ section: of, key: named, content: said, recording, at },
  }));
}

type Said<K extends string> = Partial<Record<K, string>>;
const valuesOf = <K extends string>(rows: readonly Recorded[], name: K): string[] =>
  rows.flatMap((row) => (row.content as Said<K> | null)?.[name] ?? []);

/** The versions of rows that `restingShots` reads for the targets: of all titles, and of the rest of what is their own. */
async function rowsAbout(db: Db, targets: Targets): Promise<Recorded[]> {
  const titles = await versionsOf(db, 'titles');
  if (targets.title) return titles;
  const permissions = await permissionsOf(db, targets);
  const people = [...(targets.party ?? []), ...valuesOf(permissions, 'party')];
  const materials = permissions.flatMap((row) => (row.content as Licence | null)?.materials ?? []);
  return [
    ...[...titles, ...permissions],
    ...(people.length === 0 ? [] : await versionsOf(db, 'appearances', field('party', people))),
    ...(materials.length === 0 ? [] : await versionsOf(db, 'materials', inArray(key, materials))),
    ...(targets.party ? await rowsOfParty(db, targets.party) : []),
  ];
}

type Licence = { materials?: string[] };

/** The grant or the consent; of a party what it granted, and consents that it gave, for itself or for others. */
async function permissionsOf(db: Db, { party, grant, consent }: Targets): Promise<Recorded[]> {
  if (grant) return versionsOf(db, 'grants', inArray(key, grant));
  if (consent) return versionsOf(db, 'consents', inArray(key, consent));
  if (!party) return [];
  const given = or(field('party', party), field('givenBy', party));
  return [
    ...(await versionsOf(db, 'grants', field('grantor', party))),
    ...(await versionsOf(db, 'consents', given)),
  ];
}

/** What the party imposes or imposed, and what was approved of that or by it. */
async function rowsOfParty(db: Db, party: readonly string[]): Promise<Recorded[]> {
  const imposed = await versionsOf(db, 'restrictions', field('imposedBy', party));
  const its = [...new Set(imposed.map((row) => row.key))];
  const approved = or(field('by', party), field('restriction', its));
  return [...imposed, ...(await versionsOf(db, 'approvals', approved))];
}
