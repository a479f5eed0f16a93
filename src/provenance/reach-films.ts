import { eq, sql } from 'drizzle-orm';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Planned, refusedAfter, type Use } from '../rights/index.ts';
import { listed } from './reach.ts';
import { filesShowing, type Given, shownBy, shownWords, takesOfTakes } from './reach-given.ts';

/** What a permission for takes reaches by the films that takes were given: of those it is asked too (ADR 0155). */

/** How something comes to what the row concerns; `lost`: nothing else permits the use of that any more. */
export interface Way {
  via: string;
  lost: boolean;
}

/** Takes that were given a film of the row, or a picture of one, which permits this use of it, each with its way: by one that is lost where there is one. */
export async function givenWays(
  context: Pick<Context, 'db'>,
  planned: Planned,
  given: readonly Given[],
  use: Use,
): Promise<Map<string, Way>> {
  const { uses } = planned.resting;
  // One that permits to give the film itself reaches all of them.
  if (!uses?.includes(use) || uses.includes('condition')) return new Map();
  const shown = await filesShowing(context.db, given, planned.resting, use);
  if (shown.length === 0) return new Map();
  const gone = await lostAmong(context, planned, shown, use);
  const ways = new Map<string, Way>();
  const found = shown.flatMap((file) => {
    const by = shownBy(file, planned.resting);
    return by === undefined ? [] : [{ ...file, by, lost: gone.has(by) }];
  });
  const rank = ({ by, lost }: { by: string; lost: boolean }) => `${lost ? 0 : 1} ${by}`;
  for (const { by, lost, takes } of found.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const way = { via: shownWords(by, planned.resting), lost };
    for (const take of takes) if (!ways.has(take)) ways.set(take, way);
  }
  return ways;
}

/** Of films that takes were given, and shots of which they were given a picture, those of which the ledger would not allow the use any more; it is asked everywhere. */
async function lostAmong(
  context: Pick<Context, 'db'>,
  planned: Planned,
  shown: readonly Given[],
  use: Use,
): Promise<Set<string>> {
  const all = await shotsOfGiven(context.db, shown);
  const resting = all.filter(({ shot }) => planned.resting.shots.has(shot));
  const shots = resting.map(({ shot }) => shot);
  const refused = await refusedAfter(context, planned, shots, { use, territory: 'world' });
  return new Set(resting.flatMap(({ id, shot }) => (refused.has(shot) ? [id] : [])));
}

/** Shots of what was given; `id`: sha256 of the film, or the shot itself where a picture of it was. */
export async function shotsOfGiven(
  db: Context['db'],
  given: readonly Pick<Given, 'sha256' | 'shot'>[],
): Promise<{ id: string; shot: string }[]> {
  const { catalogFiles: file, shotsShots: shot } = tables;
  const films = await db
    .select({ id: file.sha256, shot: shot.id })
    .from(shot)
    .innerJoin(file, eq(file.id, shot.fileId))
    .where(sql`${file.sha256} in ${listed(new Set(given.map(({ sha256 }) => sha256)))}`);
  return [...films, ...given.flatMap(({ shot: of }) => (of === null ? [] : [{ id: of, shot: of }]))];
}

/** The same ways with those of takes that go on from such takes; one that is lost stands before one that is not. */
export async function onwardWays(
  { db }: Pick<Context, 'db'>,
  given: readonly Given[],
  ways: ReadonlyMap<string, Way>,
): Promise<Map<string, Way>> {
  const all = new Map<string, Way>();
  for (const lost of [true, false]) {
    const own = [...ways].filter(([id, way]) => way.lost === lost && !all.has(id));
    for (const [id, way] of own) all.set(id, way);
    const takes = own.map(([id, { via }]) => ({ kind: 'take' as const, id, via }));
    for (const { id, via } of await takesOfTakes(db, given, takes))
      if (!all.has(id)) all.set(id, { via: `${all.get(via)?.via}, take ${via}`, lost });
  }
  return all;
}
