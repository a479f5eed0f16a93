import type { Rng } from '../../src/sample/random.ts';
import { mix, white } from './joins.ts';
import { type Picture, scaled } from './looks.ts';

/** What light or darkness makes of one frame. */
type Burst = (picture: Picture) => Picture;

const lit =
  (share: number): Burst =>
  (picture) =>
    mix(picture, white, share);
const dimmed =
  (gain: number): Burst =>
  (picture) =>
    scaled(picture, gain);

/** One to four frames of light, which may die away; or of darkness. */
export function flash(rng: Rng): Burst[] {
  const [length, strength] = [rng.int(1, 4), rng.range(0.4, 0.95)];
  if (rng.chance(0.15)) return Array.from({ length }, () => dimmed(0.05));
  const fading = rng.chance(0.4);
  return Array.from({ length }, (_, i) => lit(fading ? strength * (1 - i / (length + 1)) : strength));
}

/** Light that comes and goes every one to three frames. */
export function strobe(rng: Rng, room: number): Burst[] {
  const [beat, strength, isDark] = [rng.int(1, 3), rng.range(0.3, 0.9), rng.chance(0.3)];
  const on = isDark ? dimmed(1 - strength) : lit(strength);
  return Array.from({ length: Math.min(room, rng.int(8, 24)) }, (_, i) =>
    Math.floor(i / beat) % 2 === 0 ? on : (picture: Picture) => picture,
  );
}
