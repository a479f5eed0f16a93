import { css, mix, oval, type Pen, shape } from './pen.ts';
import { rngOf } from './random.ts';
import { FRAME_WIDTH, type Rgb, type ShotSpec, type Time } from './spec.ts';

/** Top and horizon of the sky that night and sunset pull every set's own sky towards, and how far. */
const PULL: Record<Exclude<Time, 'day'>, { sky: readonly [Rgb, Rgb]; share: number }> = {
  night: {
    sky: [
      [10, 14, 52],
      [40, 56, 124],
    ],
    share: 0.88,
  },
  sunset: {
    sky: [
      [176, 78, 104],
      [255, 176, 74],
    ],
    share: 0.82,
  },
};

export function skyOf(spec: ShotSpec): readonly [Rgb, Rgb] {
  if (spec.time === 'day') return spec.set.sky;
  const { sky, share } = PULL[spec.time];
  return [mix(spec.set.sky[0], sky[0], share), mix(spec.set.sky[1], sky[1], share)];
}

/** Fills the sky from the top to the horizon in the style's manner. */
export function drawSky(ctx: Pen['ctx'], spec: ShotSpec): void {
  const [top, low] = skyOf(spec);
  const bands = spec.style.sky === 'bands' ? 4 : spec.style.sky === 'flat' ? 2 : 1;
  if (bands === 1) {
    const gradient = ctx.createLinearGradient(0, 0, 0, spec.horizon);
    gradient.addColorStop(0, css(top));
    gradient.addColorStop(1, css(low));
    ctx.fillStyle = gradient;
    ctx.fillRect(0, 0, FRAME_WIDTH, 1);
    return;
  }
  for (let i = 0; i < bands; i++) {
    ctx.fillStyle = css(mix(top, low, i / (bands - 1)));
    ctx.fillRect(0, (spec.horizon * i) / bands, FRAME_WIDTH, 1);
  }
}

/** Sun, low sun, or moon and stars; `drift` moves them a little with the camera. */
export function drawHeavens(ctx: Pen['ctx'], spec: ShotSpec, drift: number): void {
  const rng = rngOf(spec.layoutSeed, 'heavens');
  const pen: Pen = { ctx, lit: (c) => c, ink: null, inkWidth: 0 };
  const x = (rng.chance(0.5) ? rng.range(0.16, 0.4) : rng.range(1.1, 1.34)) - drift;
  if (spec.time === 'sunset') {
    oval(pen, [255, 214, 120], x, spec.horizon - 0.14, 0.2);
    oval(pen, [255, 244, 190], x, spec.horizon - 0.14, 0.14);
    return;
  }
  if (spec.time === 'day') {
    oval(pen, mix(spec.set.sky[0], [255, 244, 160], 0.85), x, 0.14, 0.085);
    return;
  }
  for (let i = 0; i < 7; i++)
    oval(pen, [236, 240, 255], (i + rng.range(0.1, 0.9)) * 0.22 - drift, rng.range(0.04, 0.3), 0.013);
  crescent(pen, x, 0.15, 0.095);
}

/** A moon without the part that a second circle of the same size covers. */
function crescent(pen: Pen, x: number, y: number, r: number): void {
  shape(pen, [244, 242, 214], (ctx) => {
    ctx.arc(x, y, r, -1.542, 0.521, true);
    ctx.arc(x + r * 0.5, y - r * 0.28, r * 0.86, 1.129, -2.15);
    ctx.closePath();
  });
}
