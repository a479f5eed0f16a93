import { join } from 'node:path';
import type { Context } from '../jobs/index.ts';
import { type CutFilm, cachedCut, pruneCache } from './cache.ts';
import type { CutClip } from './cut.ts';
import type { Box } from './geometry.ts';
import { type Gone, goneBy } from './masters.ts';
import type { Film, FilmPlan, PlannedClip } from './plan.ts';
import type { FreezeOptions, Skipped } from './schema.ts';
import type { RawClip } from './write-snapshot.ts';

/** A clip that was cut: what it is, where it comes from, where its bytes lie. */
export interface MadeClip extends PlannedClip, RawClip {
  plan: FilmPlan;
  nothing: CutClip['nothing'];
}

export interface MadeClips {
  clips: MadeClip[];
  skipped: Skipped[];
  /** By sha256 of the film: masters of which nothing could be cut, their clips are missing. */
  gone: ReadonlyMap<string, Gone>;
}

/** Why a clip that was cut is left out. */
export type LeftReason = 'black' | 'flat' | 'too_flat_to_compare' | 'duplicate';

/**
 * Cuts all films, one after the other, and leaves out clips that show nothing, those of which copies could not be found and
 * those whose bytes were there before: the first in the order of titles, reels and frames stays.
 * @param tooFlat shots that show too little for copies of them to be found
 * @throws what decoding throws where the master is as it was catalogued
 */
export async function cutFilms(
  context: Context,
  plans: readonly FilmPlan[],
  options: FreezeOptions,
  tooFlat: ReadonlySet<string>,
): Promise<MadeClips> {
  const cache = join(context.paths.datasets, 'cache');
  const made: MadeClip[] = [];
  const used = new Set<string>();
  const gone = new Map<string, Gone>();
  for (const [index, plan] of plans.entries()) {
    if (plan.clips.length === 0) continue;
    const note = `film ${index + 1} of ${plans.length}`;
    try {
      for (const part of byCrop(plan)) {
        const cut = await cutFilm(context, cache, part, options, note);
        used.add(cut.key);
        made.push(...madeClips(plan, part.clips, cut, options));
      }
    } catch (error) {
      context.signal.throwIfAborted();
      gone.set(plan.film.sha256, await goneBy(error, plan.film));
    }
  }
  if (gone.size === 0) await pruneCache(cache, used);
  const { clips, left } = sifted(made, tooFlat);
  return { clips, skipped: [...plans.flatMap((plan) => plan.skipped), ...left], gone };
}

/** A film is decoded once for each part of its picture that clips show: films of one format once. */
export function byCrop({ film, clips }: FilmPlan): Part[] {
  const parts = Map.groupBy(clips, ({ crop }) => `${crop.x} ${crop.y} ${crop.width} ${crop.height}`);
  return [...parts.values()].map((own) => ({ film, crop: (own[0] as PlannedClip).crop, clips: own }));
}

interface Part {
  film: Film;
  crop: Box;
  clips: readonly PlannedClip[];
}

function cutFilm(
  context: Context,
  cache: string,
  part: Part,
  options: FreezeOptions,
  note: string,
): Promise<CutFilm> {
  const onFrame = (done: number, total: number) => {
    if (done % 100 === 0 || done === total) {
      context.report({ phase: 'cut clips', done, total, unit: 'frames', note });
    }
  };
  return cachedCut(cache, cutOf(part, options), { signal: context.signal, onFrame });
}

/** What is cut of a film, and how. */
export const cutOf = ({ film, crop, clips }: Part, { width, height, soften }: FreezeOptions) => ({
  ...{ path: film.path, sha256: film.sha256, crop, width, height },
  ...weaveOf(film),
  ...{ soften, windows: clips.map((clip) => clip.frames) },
});

/** How a film's fields become frames. A choice that is not there is left out: it is part of the cache's key. */
const weaveOf = ({ interlaced, pulldown }: Film) =>
  pulldown ? { deinterlace: false, pulldown } : { deinterlace: interlaced };

function madeClips(
  plan: FilmPlan,
  clips: readonly PlannedClip[],
  cut: CutFilm,
  { frames, height, width }: FreezeOptions,
): MadeClip[] {
  const bytes = frames * height * width * 3;
  return clips.map((clip, i) => ({
    ...clip,
    plan,
    ...(cut.clips[i] as CutClip),
    path: cut.path,
    offset: i * bytes,
    bytes,
  }));
}

function sifted(
  made: readonly MadeClip[],
  tooFlat: ReadonlySet<string>,
): { clips: MadeClip[]; left: Skipped[] } {
  const first = new Map<string, MadeClip>();
  const left: Skipped[] = [];
  const leave = (shot: string, reason: LeftReason, other: Pick<Skipped, 'clipOf'> = {}) =>
    left.push({ shot, reason, clips: 1, ...other });
  for (const clip of made) {
    const { id, shot, nothing } = clip;
    if (nothing) leave(shot, nothing);
    else if (tooFlat.has(shot)) leave(shot, 'too_flat_to_compare');
    else if (first.has(id)) leave(shot, 'duplicate', { clipOf: id });
    else first.set(id, clip);
  }
  return { clips: [...first.values()], left };
}
