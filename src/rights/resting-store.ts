import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { listFilesNamed } from '../catalog/index.ts';
import { type Db, tables, texts } from '../db/index.ts';
import { shotPlaces } from '../shots/index.ts';
import { filesConcerned, type Resting, restingShots, type Target } from './resting.ts';
import type { Ledger } from './schema.ts';
import { documentOf, ledgerBefore, newestVersion, type Said, saidInForce } from './store.ts';

const { section, key, content } = tables.rightsRows;

/** A row as the ledger in force has it, or as the last had it that did: with all rows that say what rests on it. */
export interface Held {
  document: Ledger;
}

/** The shots that rest on a row of the ledger, which is the one in force or, where that has not got it, the last that had; null where none did. */
export async function restingOn(db: Db, target: Target): Promise<{ held: Held; resting: Resting } | null> {
  const held = await heldWith(db, target);
  if (!held) return null;
  const files = await listFilesNamed(db);
  const shots = await shotPlaces(db, { files: filesConcerned(held.document, target, files) });
  return { held, resting: restingShots(held.document, target, files, shots) };
}

export const sectionOf = { party: 'parties', grant: 'grants', consent: 'consents', title: 'titles' } as const;
export type Kind = keyof typeof sectionOf;
export const kinds = Object.keys(sectionOf) as Kind[];

async function heldWith(db: Db, target: Target): Promise<Held | null> {
  const [kind] = kinds.filter((one) => target[one] !== undefined);
  const newest = kind && (await newestVersion(db, sectionOf[kind], target[kind] ?? ''));
  if (!newest) return null;
  if (newest.content === null) return ledgerBefore(db, newest.ledger);
  return { document: documentOf(await rowsAbout(db, target)) };
}

const field = (name: string, values: readonly (string | undefined)[]): SQL =>
  sql`${content} ->> ${sql.raw(`'${name}'`)} = any(${texts(values.map(String))})`;

/** The rows in force that `restingShots` reads for the target: all titles, and of the rest what is its own. */
async function rowsAbout(db: Db, { party, grant, consent, title }: Target): Promise<Said[]> {
  const read = (of: Said['section'], where?: SQL) => saidInForce(db, and(eq(section, of), where));
  const byKey = (keys: readonly (string | undefined)[]) => inArray(key, keys.map(String));
  const titles = await read('titles');
  if (title !== undefined) return titles;
  const grants = await read('grants', grant === undefined ? field('grantor', [party]) : byKey([grant]));
  const consents =
    consent === undefined
      ? await read('consents', or(field('party', [party]), field('givenBy', [party])))
      : await read('consents', byKey([consent]));
  const people = [party, ...consents.map((row) => (row.content as { party: string }).party)];
  const materials = grants.flatMap((row) => (row.content as { materials?: string[] }).materials ?? []);
  return [
    ...titles,
    ...(consent === undefined ? grants : []),
    ...(grant === undefined ? [...consents, ...(await read('appearances', field('party', people)))] : []),
    ...(materials.length === 0 ? [] : await read('materials', byKey(materials))),
    ...(party === undefined ? [] : await rowsOfParty(db, party)),
  ];
}

/** The party's own row, what it imposes, and what was approved of that or by it. */
async function rowsOfParty(db: Db, party: string): Promise<Said[]> {
  const own = await saidInForce(db, and(eq(section, 'parties'), eq(key, party)));
  const imposed = await saidInForce(db, and(eq(section, 'restrictions'), field('imposedBy', [party])));
  const its = imposed.map((row) => row.key);
  const approved = or(field('by', [party]), field('restriction', its));
  return [...own, ...imposed, ...(await saidInForce(db, and(eq(section, 'approvals'), approved)))];
}
