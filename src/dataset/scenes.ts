/** A shot in film order. `scene` is what a shot list says (empty: nothing), `colour` its mean colour in 0..255. */
export interface SceneShot {
  id: string;
  scene: string;
  colour: readonly number[];
}

/** Shots back in which a like one may lie: dialogue cuts to and fro between few pictures. */
const memory = 4;
/** Root mean square distance of two mean colours, in grey levels, below which shots look alike. */
const likeness = 16;
const longestRun = 12;
/** A film of few, similar shots is still cut into about this many runs, so that some can be held out. */
const fewestRuns = 5;

/**
 * The scene of each shot of one file. Scenes that the production numbered belong to the title, whatever the reel; a
 * shot that its list leaves out goes with the shot before it. Without any number, neighbouring shots that look
 * alike form runs: a new run begins where no shot looks like one up to four before it across the cut, or after at
 * most twelve shots.
 * @returns shot id to scene id, unique over all titles
 */
export function scenesOf(title: string, reel: number, shots: readonly SceneShot[]): Map<string, string> {
  const given = shots.some((shot) => shot.scene !== '');
  const names = given
    ? numbered(shots).map((name) => `scene-${name}`)
    : runs(shots).map((run) => `reel-${reel}-run-${run}`);
  return new Map(shots.map((shot, i) => [shot.id, `${title}/${names[i]}`]));
}

/**
 * Slates number the set-ups of a scene: 12, 12A and 12B show the same people in the same place. Where letters number
 * scenes that were put in later, two scenes go together, which lets nothing through.
 */
const setting = (scene: string): string => scene.replace(/^(\d+)[a-z]{1,2}$/i, '$1');

function numbered(shots: readonly SceneShot[]): string[] {
  let current = setting(shots.find((shot) => shot.scene !== '')?.scene ?? '');
  return shots.map((shot) => {
    current = setting(shot.scene) || current;
    return current;
  });
}

function runs(shots: readonly SceneShot[]): number[] {
  const longest = Math.min(longestRun, Math.max(1, Math.floor(shots.length / fewestRuns)));
  let run = 0;
  let start = 0;
  return shots.map((_, i) => {
    if (i > 0 && (i - start >= longest || !bridged(shots, i))) {
      run += 1;
      start = i;
    }
    return run;
  });
}

/** True where a shot from `i` on looks like one shortly before `i`: the scene goes on over this cut. */
function bridged(shots: readonly SceneShot[], i: number): boolean {
  const before = shots.slice(Math.max(0, i - memory), i).reverse();
  return before.some((shot, back) =>
    shots.slice(i, i + memory - back).some((later) => alike(shot.colour, later.colour)),
  );
}

function alike(a: SceneShot['colour'], b: SceneShot['colour']): boolean {
  const square = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
  return Math.sqrt(square / a.length) < likeness;
}
