import type { SKRSContext2D } from '@napi-rs/canvas';
import { tracePoly } from './pen.ts';

/** A body's outline in a box w wide and h high that stands on the origin (y runs up to -h). */
export interface Silhouette {
  /** Width over height. */
  readonly aspect: number;
  /** Heights over the ground as shares of h: eyes, and where a hat rests. */
  readonly eyes: number;
  readonly brim: number;
  /** Distance of the eyes from the middle, as a share of w. */
  readonly gap: number;
  readonly trace: (ctx: SKRSContext2D, w: number, h: number) => void;
}

const box =
  (points: readonly (readonly [number, number])[]): Silhouette['trace'] =>
  (ctx, w, h) =>
    tracePoly(
      ctx,
      points.map(([x, y]) => [x * w, -y * h] as const),
    );

/** Points on circles around (0, .5): a star with `tips` tips, or a gear. */
function wheel(tips: number, inner: number, flat: number): readonly (readonly [number, number])[] {
  const radii = [0.53, inner];
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i < tips * 2; i++) {
    for (const side of flat > 0 ? [-flat, flat] : [0]) {
      const angle = (Math.PI * i) / tips + side;
      const r = radii[i % 2] ?? 0;
      points.push([Math.sin(angle) * r, 0.5 + Math.cos(angle) * r]);
    }
  }
  return points;
}

const curves =
  (start: readonly [number, number], ...arcs: readonly (readonly number[])[]): Silhouette['trace'] =>
  (ctx, w, h) => {
    ctx.moveTo(start[0] * w, -start[1] * h);
    for (const [ax = 0, ay = 0, bx = 0, by = 0, x = 0, y = 0] of arcs) {
      ctx.bezierCurveTo(ax * w, -ay * h, bx * w, -by * h, x * w, -y * h);
    }
    ctx.closePath();
  };

/** The outer outline of the bumps alone, so that no inner line is inked. */
const cloud: Silhouette['trace'] = (ctx, w, h) => {
  for (let i = 0; i < 7; i++) {
    const angle = (Math.PI * 2 * i) / 7;
    const [x, y] = [Math.sin(angle) * 0.3 * w, -h / 2 - Math.cos(angle) * 0.3 * h];
    const out = angle - Math.PI / 2;
    ctx.arc(x, y, 0.205 * w, out - 1.32, out + 1.32);
  }
  ctx.closePath();
};

export const BASE_SILHOUETTES = {
  round: {
    aspect: 1,
    eyes: 0.6,
    brim: 0.95,
    gap: 0.17,
    trace: (ctx, w, h) => ctx.ellipse(0, -h / 2, w / 2, h / 2, 0, 0, Math.PI * 2),
  },
  square: {
    aspect: 0.92,
    eyes: 0.66,
    brim: 0.98,
    gap: 0.2,
    trace: box([
      [-0.5, 0],
      [0.5, 0],
      [0.5, 1],
      [-0.5, 1],
    ]),
  },
  tall: {
    aspect: 0.5,
    eyes: 0.76,
    brim: 0.96,
    gap: 0.22,
    trace: (ctx, w, h) => ctx.roundRect(-w / 2, -h, w, h, w / 2),
  },
  pointy: {
    aspect: 1.08,
    eyes: 0.36,
    brim: 0.86,
    gap: 0.13,
    trace: box([
      [-0.5, 0],
      [0.5, 0],
      [0, 1.06],
    ]),
  },
  domed: {
    aspect: 1.15,
    eyes: 0.5,
    brim: 0.96,
    gap: 0.16,
    trace: (ctx, w, h) => {
      ctx.moveTo(-w / 2, 0);
      ctx.ellipse(0, 0, w / 2, h, 0, Math.PI, 0);
      ctx.closePath();
    },
  },
  wide: {
    aspect: 1.4,
    eyes: 0.62,
    brim: 0.97,
    gap: 0.16,
    trace: (ctx, w, h) => ctx.roundRect(-w / 2, -h * 0.9, w, h * 0.9, h * 0.2),
  },
  spiky: { aspect: 1.1, eyes: 0.56, brim: 0.94, gap: 0.15, trace: box(wheel(10, 0.36, 0)) },
  forked: {
    aspect: 0.84,
    eyes: 0.44,
    brim: 0.72,
    gap: 0.19,
    trace: box([
      [-0.5, 0],
      [0.5, 0],
      [0.5, 1.04],
      [0.2, 1.04],
      [0.16, 0.68],
      [-0.16, 0.68],
      [-0.2, 1.04],
      [-0.5, 1.04],
    ]),
  },
  bumpy: { aspect: 1.12, eyes: 0.58, brim: 0.95, gap: 0.15, trace: cloud },
} satisfies Record<string, Silhouette>;

export const TITLE_SILHOUETTES = {
  drop: {
    aspect: 0.8,
    eyes: 0.4,
    brim: 0.9,
    gap: 0.17,
    trace: curves(
      [0, 1.08],
      [0.1, 0.8, 0.5, 0.62, 0.5, 0.34],
      [0.5, -0.11, -0.5, -0.11, -0.5, 0.34],
      [-0.5, 0.62, -0.1, 0.8, 0, 1.08],
    ),
  },
  star: { aspect: 1.16, eyes: 0.58, brim: 0.9, gap: 0.11, trace: box(wheel(5, 0.27, 0)) },
  heart: {
    aspect: 1.1,
    eyes: 0.66,
    brim: 0.86,
    gap: 0.2,
    trace: curves(
      [0, 0],
      [-0.25, 0.22, -0.52, 0.42, -0.52, 0.72],
      [-0.52, 1.06, -0.08, 1.08, 0, 0.82],
      [0.08, 1.08, 0.52, 1.06, 0.52, 0.72],
      [0.52, 0.42, 0.25, 0.22, 0, 0],
    ),
  },
  ghost: { aspect: 0.82, eyes: 0.68, brim: 0.97, gap: 0.19, trace: (ctx, w, h) => ghost(ctx, w, h) },
  hourglass: {
    aspect: 0.8,
    eyes: 0.82,
    brim: 1,
    gap: 0.17,
    trace: box([
      [-0.5, 0],
      [0.5, 0],
      [0.5, 0.12],
      [0.14, 0.5],
      [0.5, 0.88],
      [0.5, 1],
      [-0.5, 1],
      [-0.5, 0.88],
      [-0.14, 0.5],
      [-0.5, 0.12],
    ]),
  },
  diamond: {
    aspect: 0.92,
    eyes: 0.54,
    brim: 0.92,
    gap: 0.16,
    trace: box([
      [0, 0],
      [0.52, 0.52],
      [0, 1.06],
      [-0.52, 0.52],
    ]),
  },
  cat: {
    aspect: 0.9,
    eyes: 0.6,
    brim: 0.82,
    gap: 0.2,
    trace: box([
      [-0.36, 0],
      [0.36, 0],
      [0.5, 0.2],
      [0.5, 1.08],
      [0.2, 0.8],
      [-0.2, 0.8],
      [-0.5, 1.08],
      [-0.5, 0.2],
    ]),
  },
  bell: {
    aspect: 0.95,
    eyes: 0.6,
    brim: 0.97,
    gap: 0.15,
    trace: curves(
      [-0.5, 0],
      [-0.3, 0.2, -0.36, 0.6, -0.28, 0.82],
      [-0.18, 1.05, 0.18, 1.05, 0.28, 0.82],
      [0.36, 0.6, 0.3, 0.2, 0.5, 0],
    ),
  },
  gear: { aspect: 1.06, eyes: 0.56, brim: 0.96, gap: 0.15, trace: box(wheel(7, 0.37, 0.11)) },
  leaf: {
    aspect: 0.86,
    eyes: 0.5,
    brim: 0.95,
    gap: 0.15,
    trace: curves([-0.34, 0], [-0.62, 0.5, -0.4, 1, 0.5, 1.06], [0.62, 0.5, 0.36, 0.06, -0.34, 0]),
  },
  house: {
    aspect: 0.86,
    eyes: 0.44,
    brim: 0.9,
    gap: 0.19,
    trace: box([
      [-0.42, 0],
      [0.42, 0],
      [0.42, 0.58],
      [0.54, 0.58],
      [0, 1.08],
      [-0.54, 0.58],
      [-0.42, 0.58],
    ]),
  },
  pear: {
    aspect: 0.8,
    eyes: 0.74,
    brim: 0.96,
    gap: 0.15,
    trace: curves(
      [0, 0],
      [0.64, 0, 0.6, 0.5, 0.3, 0.64],
      [0.34, 1.1, -0.34, 1.1, -0.3, 0.64],
      [-0.6, 0.5, -0.64, 0, 0, 0],
    ),
  },
} satisfies Record<string, Silhouette>;

function ghost(ctx: SKRSContext2D, w: number, h: number): void {
  const r = w / 2;
  ctx.moveTo(-r, 0);
  ctx.lineTo(-r, -h + r);
  ctx.arc(0, -h + r, r, Math.PI, 0);
  ctx.lineTo(r, 0);
  for (let i = 0; i < 3; i++) {
    ctx.lineTo(r - (w / 3) * (i + 0.5), -h * 0.14);
    ctx.lineTo(r - (w / 3) * (i + 1), 0);
  }
  ctx.closePath();
}

export type SilhouetteName = keyof typeof BASE_SILHOUETTES | keyof typeof TITLE_SILHOUETTES;
export const SILHOUETTES: Record<SilhouetteName, Silhouette> = { ...BASE_SILHOUETTES, ...TITLE_SILHOUETTES };
