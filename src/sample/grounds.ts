import { css, type Pen, tracePoly } from './pen.ts';
import type { Rng } from './random.ts';
import type { Rgb } from './spec.ts';

const LEFT = -1.8;
const RIGHT = 3.3;

/** Marks the ground, y = 0 (horizon) to `depth`; x from LEFT to RIGHT. Marks are bold and move with the camera. */
type Ground = (pen: Pen, colour: Rgb, depth: number, rng: Rng) => void;
type Mark = (ctx: Pen['ctx'], x: number, y: number, scale: number) => void;

/** Marks in three rows that grow towards the viewer, at seeded places. */
const scattered =
  (gap: number, mark: Mark): Ground =>
  (pen, colour, depth, rng) => {
    pen.ctx.beginPath();
    for (const [i, share] of [0.14, 0.45, 0.84].entries()) {
      const scale = 0.6 + 0.4 * i;
      for (let x = LEFT + rng.range(0, gap); x < RIGHT; x += gap * scale * rng.range(0.8, 1.25)) {
        mark(pen.ctx, x, depth * share, scale);
      }
    }
    pen.ctx.fillStyle = css(pen.lit(colour));
    pen.ctx.fill();
  };

const dash =
  (w: number, h: number): Mark =>
  (ctx, x, y, s) =>
    ctx.rect(x, y, w * s, h * s);
const spot =
  (rx: number, ry: number): Mark =>
  (ctx, x, y, s) => {
    ctx.moveTo(x + rx * s, y);
    ctx.ellipse(x, y, rx * s, ry * s, 0, 0, Math.PI * 2);
  };
const tuft: Mark = (ctx, x, y, s) =>
  tracePoly(ctx, [
    [x - 0.05 * s, y],
    [x - 0.04 * s, y - 0.05 * s],
    [x, y - 0.01],
    [x + 0.02 * s, y - 0.06 * s],
    [x + 0.05 * s, y],
  ]);
const rhomb: Mark = (ctx, x, y, s) =>
  tracePoly(ctx, [
    [x - 0.08 * s, y],
    [x, y - 0.03 * s],
    [x + 0.08 * s, y],
    [x, y + 0.03 * s],
  ]);
const vee: Mark = (ctx, x, y, s) =>
  tracePoly(ctx, [
    [x - 0.1 * s, y - 0.03 * s],
    [x, y + 0.01 * s],
    [x + 0.1 * s, y - 0.03 * s],
    [x + 0.1 * s, y],
    [x, y + 0.04 * s],
    [x - 0.1 * s, y],
  ]);

function tiles(pen: Pen, colour: Rgb, depth: number): void {
  pen.ctx.beginPath();
  for (const [i, [top, bottom]] of (
    [
      [0.08, 0.4],
      [0.4, 1],
    ] as const
  ).entries()) {
    for (let x = LEFT + (i % 2) * 0.2; x < RIGHT; x += 0.4)
      pen.ctx.rect(x, top * depth, 0.2, (bottom - top) * depth);
  }
  pen.ctx.fillStyle = css(pen.lit(colour));
  pen.ctx.fill();
}

function boards(pen: Pen, colour: Rgb, depth: number): void {
  pen.ctx.beginPath();
  for (let x = LEFT; x < RIGHT; x += 0.3) {
    tracePoly(pen.ctx, [
      [x, 0],
      [x + 0.07, 0],
      [x + 0.02, depth],
      [x - 0.1, depth],
    ]);
  }
  pen.ctx.fillStyle = css(pen.lit(colour));
  pen.ctx.fill();
}

function road(pen: Pen, colour: Rgb, depth: number): void {
  pen.ctx.fillStyle = css(pen.lit(colour));
  for (let x = LEFT; x < RIGHT; x += 0.34) pen.ctx.fillRect(x, depth * 0.5, 0.18, 0.03);
}

export const BASE_GROUNDS = {
  tufts: scattered(0.3, tuft),
  ripples: scattered(0.42, dash(0.2, 0.016)),
  road,
  leaves: scattered(0.34, spot(0.055, 0.022)),
  shells: scattered(0.36, spot(0.028, 0.02)),
  drifts: scattered(0.5, spot(0.15, 0.022)),
} satisfies Record<string, Ground>;

export const TITLE_GROUNDS = {
  tiles,
  boards,
  rhombs: scattered(0.34, rhomb),
  chevrons: scattered(0.36, vee),
  pebbles: scattered(0.24, spot(0.06, 0.045)),
} satisfies Record<string, Ground>;

export type GroundName = keyof typeof BASE_GROUNDS | keyof typeof TITLE_GROUNDS;
export const GROUNDS: Record<GroundName, Ground> = { ...BASE_GROUNDS, ...TITLE_GROUNDS };
