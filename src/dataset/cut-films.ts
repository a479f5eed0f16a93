import { join } from 'node:path';
import type { Context } from '../jobs/index.ts';
import { type CutFilm, cachedCut, pruneCache } from './cache.ts';
import type { CutClip } from './cut.ts';
import type { FilmPlan, PlannedClip } from './plan.ts';
import type { FreezeOptions, Skipped } from './schema.ts';
import type { RawClip } from './write-snapshot.ts';

/** A clip that was cut: what it is, where it comes from, where its bytes lie. */
export interface MadeClip extends PlannedClip, RawClip {
  plan: FilmPlan;
  flat: boolean;
}

export interface MadeClips {
  clips: MadeClip[];
  skipped: Skipped[];
}

/**
 * Cuts all films, one after the other, and leaves out clips that show nothing and those whose bytes were there
 * before: the first in the order of titles, reels and frames stays.
 */
export async function cutFilms(
  context: Context,
  plans: readonly FilmPlan[],
  options: FreezeOptions,
): Promise<MadeClips> {
  const cache = join(context.paths.datasets, 'cache');
  const made: MadeClip[] = [];
  const used = new Set<string>();
  for (const [index, plan] of plans.entries()) {
    if (plan.clips.length === 0) continue;
    const cut = await cutFilm(context, cache, plan, options, `film ${index + 1} of ${plans.length}`);
    used.add(cut.key);
    made.push(...madeClips(plan, cut, options));
  }
  await pruneCache(cache, used);
  const { clips, left } = sifted(made);
  return { clips, skipped: [...plans.flatMap((plan) => plan.skipped), ...left] };
}

function cutFilm(
  context: Context,
  cache: string,
  { film, crop, clips }: FilmPlan,
  { width, height, soften }: FreezeOptions,
  note: string,
): Promise<CutFilm> {
  const windows = clips.map((clip) => clip.frames);
  const onFrame = (done: number, total: number) => {
    if (done % 100 === 0 || done === total) {
      context.report({ phase: 'cut clips', done, total, unit: 'frames', note });
    }
  };
  const cut = {
    path: film.path,
    sha256: film.sha256,
    crop,
    width,
    height,
    deinterlace: film.interlaced,
    soften,
    windows,
  };
  return cachedCut(cache, cut, { signal: context.signal, onFrame });
}

function madeClips(plan: FilmPlan, cut: CutFilm, { frames, height, width }: FreezeOptions): MadeClip[] {
  const bytes = frames * height * width * 3;
  return plan.clips.map((clip, i) => ({
    ...clip,
    plan,
    ...(cut.clips[i] as CutClip),
    path: cut.path,
    offset: i * bytes,
    bytes,
  }));
}

function sifted(made: readonly MadeClip[]): { clips: MadeClip[]; left: Skipped[] } {
  const first = new Map<string, MadeClip>();
  const left: Skipped[] = [];
  for (const clip of made) {
    const { id, shot, flat } = clip;
    if (flat) left.push({ shot, reason: 'flat', clips: 1 });
    else if (first.has(id)) left.push({ shot, reason: 'duplicate', clips: 1, clipOf: id });
    else first.set(id, clip);
  }
  return { clips: [...first.values()], left };
}
