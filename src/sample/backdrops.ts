import type { SKRSContext2D } from '@napi-rs/canvas';
import { darker, lighter, type Pen, shape } from './pen.ts';
import type { Rng } from './random.ts';
import type { Rgb } from './spec.ts';

/** Lays the far skyline over the horizon at y = 0, from x = -1.8 to 3.3; big flat forms only. */
type Backdrop = (pen: Pen, colour: Rgb, rng: Rng) => void;

const LEFT = -1.8;
const RIGHT = 3.3;

/** Steps across the picture; `place` adds one form at x and says how far the next one stands. */
function across(place: (x: number) => number): void {
  for (let x = LEFT; x < RIGHT; ) x += place(x);
}

function row(pen: Pen, colour: Rgb, form: (ctx: SKRSContext2D, x: number) => number): void {
  shape({ ...pen, ink: null }, colour, (ctx) => across((x) => form(ctx, x)));
}

const mounds =
  (low: number, high: number, wide: number): Backdrop =>
  (pen, colour, rng) =>
    row(pen, colour, (ctx, x) => {
      const w = wide * rng.range(0.8, 1.2);
      ctx.moveTo(x - w * 0.7, 0.02);
      ctx.ellipse(x, 0.02, w * 0.7, rng.range(low, high), 0, Math.PI, 0);
      return w;
    });

const triangles =
  (low: number, high: number, wide: number): Backdrop =>
  (pen, colour, rng) =>
    row(pen, colour, (ctx, x) => {
      const w = wide * rng.range(0.8, 1.2);
      ctx.moveTo(x - w * 0.62, 0.02);
      ctx.lineTo(x, -rng.range(low, high));
      ctx.lineTo(x + w * 0.62, 0.02);
      return w;
    });

function peaks(pen: Pen, colour: Rgb, rng: Rng): void {
  across((x) => {
    const [w, h] = [rng.range(0.6, 0.8), rng.range(0.26, 0.38)];
    const cap = (share: number, c: Rgb) =>
      shape({ ...pen, ink: null }, c, (ctx) => {
        ctx.moveTo(x - w * 0.55 * share, -h + h * share + 0.01);
        ctx.lineTo(x, -h);
        ctx.lineTo(x + w * 0.55 * share, -h + h * share + 0.01);
      });
    cap(1, colour);
    cap(0.35, [250, 252, 255]);
    return w * 0.85;
  });
}

function skyline(pen: Pen, colour: Rgb, rng: Rng): void {
  row(pen, colour, (ctx, x) => {
    const w = rng.range(0.16, 0.26);
    const h = rng.range(0.14, 0.34);
    ctx.rect(x, -h, w, h + 0.02);
    return w + rng.range(0, 0.06);
  });
}

function sea(pen: Pen, colour: Rgb, rng: Rng): void {
  shape({ ...pen, ink: null }, colour, (ctx) => ctx.rect(LEFT, -0.17, RIGHT - LEFT, 0.19));
  row(pen, lighter(colour, 0.35), (ctx, x) => {
    ctx.rect(x, -0.13 + 0.045 * rng.int(0, 2), rng.range(0.12, 0.2), 0.016);
    return rng.range(0.25, 0.4);
  });
}

function terraces(pen: Pen, colour: Rgb, rng: Rng): void {
  across((x) => {
    const w = rng.range(0.6, 0.8);
    for (const [i, share] of [1, 0.66, 0.34].entries()) {
      const c = i % 2 ? lighter(colour, 0.22) : colour;
      shape({ ...pen, ink: null }, c, (ctx) =>
        ctx.rect(x - (w * share) / 2, -0.1 * (i + 1), w * share, 0.12),
      );
    }
    return w * 1.02;
  });
}

function arches(pen: Pen, colour: Rgb, rng: Rng): void {
  const gap = rng.range(0.34, 0.4);
  shape({ ...pen, ink: null }, colour, (ctx) => ctx.rect(LEFT, -0.3, RIGHT - LEFT, 0.32));
  row(pen, lighter(colour, 0.45), (ctx, x) => {
    ctx.moveTo(x - 0.12, 0.02);
    ctx.arc(x, -0.12, 0.12, Math.PI, 0);
    ctx.lineTo(x + 0.12, 0.02);
    return gap;
  });
}

function islands(pen: Pen, colour: Rgb, rng: Rng): void {
  across((x) => {
    const [w, y] = [rng.range(0.17, 0.26), -rng.range(0.16, 0.36)];
    shape({ ...pen, ink: null }, darker(colour), (ctx) => {
      ctx.moveTo(x - w, y);
      ctx.lineTo(x, y + w * 0.9);
      ctx.lineTo(x + w, y);
    });
    shape({ ...pen, ink: null }, colour, (ctx) => ctx.ellipse(x, y, w, w * 0.28, 0, 0, Math.PI * 2));
    return rng.range(0.55, 0.75);
  });
}

function billows(pen: Pen, colour: Rgb, rng: Rng): void {
  for (const [i, lift] of [0.14, 0.04].entries()) {
    const start = rng.range(-0.1, 0.1);
    row(pen, i ? lighter(colour, 0.25) : colour, (ctx, x) => {
      ctx.moveTo(x + start - 0.17, 0.02);
      ctx.arc(x + start, -lift, 0.17, Math.PI, 0);
      ctx.lineTo(x + start + 0.17, 0.02);
      return 0.3;
    });
  }
}

function pillars(pen: Pen, colour: Rgb, rng: Rng): void {
  row(pen, colour, (ctx, x) => {
    const h = rng.range(0.22, 0.42);
    ctx.roundRect(x, -h, 0.12, h + 0.06, 0.06);
    return rng.range(0.2, 0.32);
  });
}

export const BASE_BACKDROPS = {
  hills: mounds(0.1, 0.18, 0.75),
  dunes: triangles(0.08, 0.15, 0.9),
  skyline,
  treeline: mounds(0.2, 0.3, 0.24),
  sea,
  peaks,
} satisfies Record<string, Backdrop>;

export const TITLE_BACKDROPS = {
  terraces,
  arches,
  islands,
  billows,
  pillars,
  spires: triangles(0.24, 0.42, 0.22),
  domes: mounds(0.26, 0.36, 0.62),
} satisfies Record<string, Backdrop>;

export type BackdropName = keyof typeof BASE_BACKDROPS | keyof typeof TITLE_BACKDROPS;
export const BACKDROPS: Record<BackdropName, Backdrop> = { ...BASE_BACKDROPS, ...TITLE_BACKDROPS };
