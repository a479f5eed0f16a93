import { sql } from 'drizzle-orm';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Planned, type Resting, refusedAfter } from '../rights/index.ts';
import { listed } from './reach.ts';

/** Shots and films that are found no more once a row is withdrawn. */
export type Lost = Pick<Resting, 'shots' | 'films'>;

/**
 * Thumbnails, small pictures, captions, the index of shots and files beside films are for finding shots: they go where the row permitted
 * that, by itself or as part of a wider use. Another row may permit it still; a picture that is gone is the smaller harm. But shots that
 * rested on the row by earlier versions alone, or that it permitted to be found by those alone, may be another title's by now, or were a
 * mistake: what is permitted of those stays. So does what is named like a film of the row and may be any other's.
 */
export async function foundNoMore(context: Pick<Context, 'db'>, plan: Planned): Promise<Lost> {
  const { uses, ended, unsure } = plan.resting;
  if (uses !== null && !uses.includes('index')) return { shots: new Map(), films: new Map() };
  const [shots, films] = [plan.resting.shots, plan.resting.films].map(
    (all) => new Map([...all].filter(([id]) => !unsure.has(id))),
  ) as [Map<string, string>, Map<string, string>];
  const isPast = (id: string): boolean => ended.has(id) || ended.has('index');
  const past = [...shots.keys()].filter(isPast);
  if (past.length === 0) return { shots, films };
  const refused = await refusedAfter(context, plan, past, { use: 'index', territory: 'world' });
  const gone = await filmsOfShots(context, refused);
  return {
    shots: new Map([...shots].filter(([shot]) => !isPast(shot) || refused.has(shot))),
    films: new Map([...films].filter(([film]) => !isPast(film) || gone.has(film))),
  };
}

async function filmsOfShots({ db }: Pick<Context, 'db'>, shots: ReadonlySet<string>): Promise<Set<string>> {
  const { rows } = await db.execute<{ sha256: string }>(sql`
    select distinct f.sha256 from ${tables.shotsShots} s join ${tables.catalogFiles} f on f.id = s.file_id
    where s.id in ${listed(shots)}`);
  return new Set(rows.map(({ sha256 }) => sha256));
}
