import { sha256 } from './canonical.ts';

/** How many clips each scene has; a scene belongs to one title. */
export interface SceneSize {
  title: string;
  scene: string;
  clips: number;
}

/**
 * Scenes kept for measuring: about `share` of each title's clips, whole scenes only, drawn in the order of
 * sha256(seed, scene), so that the same catalogue splits the same way everywhere. A title of one scene holds out none
 * (it has nothing else to learn from); any other holds out at least one and never all (`share` is at most 0.5), of those
 * that may be held out.
 * @param trained scenes that are never held out: they share a picture with another scene
 */
export function heldOutScenes(
  scenes: readonly SceneSize[],
  share: number,
  seed: number,
  trained: ReadonlySet<string> = new Set(),
): Set<string> {
  const byTitle = Map.groupBy(scenes, (scene) => scene.title);
  const held = [...byTitle.values()].flatMap((own) => heldOutOfTitle(own, share, seed, trained));
  return new Set(held);
}

function heldOutOfTitle(
  scenes: readonly SceneSize[],
  share: number,
  seed: number,
  trained: ReadonlySet<string>,
): string[] {
  const free = scenes.filter(({ scene }) => !trained.has(scene));
  if (scenes.length < 2 || free.length === 0 || share === 0) return [];
  const order = free
    .map((scene) => ({ ...scene, rank: sha256(`${seed}\n${scene.scene}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const target = share * scenes.reduce((sum, scene) => sum + scene.clips, 0);
  const held: string[] = [];
  let clips = 0;
  for (const scene of order) {
    // Taken only when it brings the count nearer to the target.
    if (scene.clips >= 2 * (target - clips)) continue;
    held.push(scene.scene);
    clips += scene.clips;
  }
  if (held.length > 0) return held;
  const smallest = order.reduce((least, scene) => (scene.clips < least.clips ? scene : least));
  return [smallest.scene];
}
