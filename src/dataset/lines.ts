import type { ClipLine } from '../contract/index.ts';
import { formatRate, parseRate } from '../media/index.ts';
import type { MadeClip } from './cut-films.ts';
import type { ClipOrigin, FreezeOptions } from './schema.ts';
import { heldOutScenes } from './split.ts';
import { placesOf } from './write-snapshot.ts';

/** The manifest's lines: clips split by scene and placed in shards. @param trained scenes that are never held out */
export function manifestLines(
  clips: readonly MadeClip[],
  options: FreezeOptions,
  trained: ReadonlySet<string>,
): ClipLine[] {
  const { frames, height, width, heldout, seed } = options;
  const held = heldOutScenes(sceneSizes(clips), heldout, seed, trained);
  const bytes = frames * height * width * 3;
  const places = placesOf(
    clips.map((clip) => clip.id),
    bytes,
  );
  return clips.map((clip) => ({
    ...{ id: clip.id, ...(places.get(clip.id) ?? { shard: '', offset: 0 }), bytes, frames, height, width },
    fps: formatRate(parseRate(options.fps)),
    caption: clip.caption,
    captionSource: clip.captionSource,
    title: clip.plan.film.title,
    shot: clip.shot,
    scene: clip.scene,
    split: held.has(clip.scene) ? 'heldout' : 'train',
  }));
}

function sceneSizes(clips: readonly MadeClip[]) {
  const scenes = Map.groupBy(clips, (clip) => clip.scene);
  return [...scenes].map(([scene, own]) => ({
    scene,
    title: own[0]?.plan.film.title ?? '',
    clips: own.length,
  }));
}

/** Where the clips come from, sorted by id as the manifest is. */
export const originsOf = (clips: readonly MadeClip[]): ClipOrigin[] =>
  clips.map(originOf).sort((a, b) => (a.id < b.id ? -1 : 1));

const originOf = ({ id, plan, frames, crop, shot, grants }: MadeClip): ClipOrigin => ({
  id,
  file: plan.film.sha256,
  frames,
  crop,
  deinterlaced: Boolean(plan.film.interlaced) && !plan.film.pulldown,
  ...(plan.film.pulldown ? { pulldown: plan.film.pulldown.first } : {}),
  shot,
  decision: { outcome: 'ALLOW', grants: [...grants] },
});
