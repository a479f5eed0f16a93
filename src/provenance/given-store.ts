import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { takesOfFiles } from '../generate/index.ts';
import { PRINT_VERSION } from './print/print.ts';
import { filmsOf } from './store.ts';

/** Videos that briefs gave: which of them were compared with takes, and what was found. */

const { provenanceGiven: given } = tables;

export interface GivenVideo {
  path: string;
  sha256: string;
  /** Those that were given it. */
  takes: string[];
}

/** The videos that takes were given, each once, but those of which it is on record what they are copies of. */
export async function videosOpen(db: Db): Promise<GivenVideo[]> {
  const { rows } = await db.execute<GivenVideo & Record<string, unknown>>(sql`
    select r ->> 'sha256' as sha256, min(r ->> 'path') as path, json_agg(id order by id) as takes
    from generate_takes, lateral jsonb_array_elements(brief -> 'references') r
    left join ${given} g on g.sha256 = r ->> 'sha256' and g.version = ${PRINT_VERSION} and g.reason is null
    where jsonb_array_length(brief -> 'references') > 0 and r ->> 'role' = 'video' and g.sha256 is null
    group by 1 order by 1`);
  return rows;
}

/** Of some videos those that only their pictures can tell, and that nobody has compared yet. */
export async function notCompared(db: Db, videos: readonly GivenVideo[]): Promise<GivenVideo[]> {
  const hashes = videos.map(({ sha256 }) => sha256);
  const rows = await db
    .select({ sha256: given.sha256 })
    .from(given)
    .where(and(sql`${given.sha256} = any(${texts(hashes)})`, eq(given.version, PRINT_VERSION)));
  const exact = (await takesOfFiles(db, hashes)).filter(({ by }) => by === 'bytes');
  const known = new Set([...rows, ...exact, ...(await filmsOf(db, hashes))].map(({ sha256 }) => sha256));
  return videos.filter(({ sha256 }) => !known.has(sha256));
}

export interface Compared {
  takes: string[];
  reason: string | null;
}

export async function writeCompared(db: Db, sha256: string, compared: Compared): Promise<void> {
  const row = { version: PRINT_VERSION, ...compared };
  await db
    .insert(given)
    .values({ sha256, ...row })
    .onConflictDoUpdate({ target: given.sha256, set: row });
}

/** Why some videos could not be compared, by sha256. */
export async function reasonsOf(db: Db, hashes: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ sha256: given.sha256, reason: given.reason })
    .from(given)
    .where(and(sql`${given.sha256} = any(${texts(hashes)})`, isNotNull(given.reason)));
  return new Map(rows.map(({ sha256, reason }) => [sha256, reason ?? '']));
}

/** Of some takes those that were made before the first that was given a file: a file is no copy of what was drawn from it. */
export async function madeBefore(db: Db, ids: readonly string[], sha256: string): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from generate_takes t where id = any(${texts(ids)}) and not exists (
      select 1 from generate_takes g where jsonb_array_length(g.brief -> 'references') > 0
        and g.brief -> 'references' @> ${JSON.stringify([{ sha256 }])}::jsonb and g.made_at <= t.made_at)
    order by id`);
  return rows.map(({ id }) => id);
}
