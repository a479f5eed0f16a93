import { clipCanvas } from '../../src/sample/clips.ts';
import { CLIP, renderClip, TITLES } from '../../src/sample/index.ts';
import { type Rng, rngOf } from '../../src/sample/random.ts';
import type { ShotSpec } from '../../src/sample/spec.ts';
import { titleShot, titleWords } from '../../src/sample/titles.ts';

/**
 * Near-identical takes of one brief: the same words in the same place, drawn with the motion and framing of three seeds; and the
 * first of them once more with a figure 5 % larger and 4 % of the height aside, nearer than two seeds ever came.
 */
export const TAKES_OF_A_BRIEF = 4;

export interface Sketch {
  brief: number;
  spec: ShotSpec;
  start: number;
}

export const sketches = (briefs: number, seed: number): Sketch[] =>
  Array.from({ length: briefs }, (_, brief) => ofBrief(brief, seed)).flat();

function ofBrief(brief: number, seed: number): Sketch[] {
  const rng = rngOf('fingerprint', seed, brief);
  const title = TITLES[brief % TITLES.length] as (typeof TITLES)[number];
  const words = titleWords(rng, title, false);
  const drawn = (by: Rng) => titleShot(by, title.style, words, 2.4);
  const seeds = [0, 1, 2].map((n) => drawn(rngOf('fingerprint: take', seed, brief, n)));
  const specs = [...seeds, retouched(seeds[0] as ShotSpec)];
  return specs.map((spec) => ({ brief, spec, start: 0.5 }));
}

const retouched = (spec: ShotSpec): ShotSpec => ({
  ...spec,
  size: spec.size * 1.05,
  motion: { ...spec.motion, x: spec.motion.x + 0.04 },
});

/** Frames of takes one after the other, rgb24, CLIP's size. */
export function* framesOf(takes: readonly Sketch[]): Generator<Uint8Array> {
  const size = CLIP.width * CLIP.height * 3;
  const canvas = clipCanvas();
  for (const take of takes) {
    const clip = renderClip(take, CLIP, canvas);
    for (let n = 0; n < CLIP.frames; n++) yield clip.subarray(n * size, (n + 1) * size);
  }
}
