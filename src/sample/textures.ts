import { css, type Pen, tracePoly } from './pen.ts';
import type { Rgb } from './spec.ts';

/** Paints a bold pattern over a body box w by h standing on the origin; the caller has clipped to the body. */
type Texture = (pen: Pen, colour: Rgb, w: number, h: number) => void;

function bars(pen: Pen, colour: Rgb, rects: readonly (readonly [number, number, number, number])[]): void {
  pen.ctx.fillStyle = css(pen.lit(colour));
  for (const [x, y, w, h] of rects) pen.ctx.fillRect(x, y, w, h);
}

function spots(pen: Pen, colour: Rgb, points: readonly (readonly [number, number])[], r: number): void {
  pen.ctx.beginPath();
  for (const [x, y] of points) {
    pen.ctx.moveTo(x + r, y);
    pen.ctx.arc(x, y, r, 0, Math.PI * 2);
  }
  pen.ctx.fillStyle = css(pen.lit(colour));
  pen.ctx.fill();
}

function band(pen: Pen, colour: Rgb, points: readonly (readonly [number, number])[]): void {
  pen.ctx.beginPath();
  tracePoly(pen.ctx, points);
  pen.ctx.fillStyle = css(pen.lit(colour));
  pen.ctx.fill();
}

function checks(pen: Pen, colour: Rgb, w: number, h: number): void {
  const s = w / 4;
  for (let row = 0; row * s < h * 1.1; row++) {
    for (let i = 0; i < 2; i++) bars(pen, colour, [[-w / 2 + (2 * i + (row % 2)) * s, -(row + 1) * s, s, s]]);
  }
}

function zigzag(pen: Pen, colour: Rgb, w: number, h: number): void {
  for (const y of [0.02, 0.42]) {
    const top = [-0.6, -0.3, 0, 0.3, 0.6].map((x, i) => [x * w, -h * (y + (i % 2 ? 0.3 : 0.14))] as const);
    const low = [0.6, 0.3, 0, -0.3, -0.6].map((x, i) => [x * w, -h * (y + (i % 2 ? 0.14 : -0.02))] as const);
    band(pen, colour, [...top, ...low]);
  }
}

function rings(pen: Pen, colour: Rgb, w: number, h: number): void {
  pen.ctx.strokeStyle = css(pen.lit(colour));
  pen.ctx.lineWidth = h * 0.1;
  for (const r of [0.2, 0.45]) {
    pen.ctx.beginPath();
    pen.ctx.arc(0, -h * 0.25, r * w, 0, Math.PI * 2);
    pen.ctx.stroke();
  }
}

const slants = [-0.9, -0.35, 0.2] as const;

export const BASE_TEXTURES = {
  sash: (pen, c, w, h) =>
    band(pen, c, [
      [-0.6 * w, -0.3 * h],
      [-0.6 * w, -0.02 * h],
      [0.6 * w, -0.62 * h],
      [0.6 * w, -0.9 * h],
    ]),
  belly: (pen, c, w, h) => {
    pen.ctx.beginPath();
    pen.ctx.ellipse(0, -0.2 * h, 0.3 * w, 0.22 * h, 0, 0, Math.PI * 2);
    pen.ctx.fillStyle = css(pen.lit(c));
    pen.ctx.fill();
  },
  cap: (pen, c, w, h) => bars(pen, c, [[-w, -1.2 * h, 2 * w, 0.45 * h]]),
} satisfies Record<string, Texture>;

export const TITLE_TEXTURES = {
  belts: (pen, c, w, h) =>
    bars(
      pen,
      c,
      [0.08, 0.4, 0.72].map((y) => [-w, -h * (y + 0.16), 2 * w, h * 0.16] as const),
    ),
  columns: (pen, c, w, h) =>
    bars(
      pen,
      c,
      [-0.38, 0, 0.38].map((x) => [x * w - w * 0.09, -h * 1.2, w * 0.18, h * 1.2] as const),
    ),
  dots: (pen, c, w, h) =>
    spots(
      pen,
      c,
      [
        [-0.28, 0.2],
        [0.16, 0.12],
        [0.38, 0.42],
        [-0.06, 0.4],
        [-0.4, 0.66],
        [0.06, 0.9],
        [0.4, 0.8],
      ].map(([x = 0, y = 0]) => [x * w, -y * h] as const),
      h * 0.105,
    ),
  checks,
  halves: (pen, c, w, h) => bars(pen, c, [[0, -h * 1.2, w, h * 1.3]]),
  zigzag,
  slants: (pen, c, w, h) => {
    for (const x of slants)
      band(pen, c, [
        [x * w, 0],
        [(x + 0.22) * w, 0],
        [(x + 0.9) * w, -h * 1.1],
        [(x + 0.68) * w, -h * 1.1],
      ]);
  },
  rings,
  boots: (pen, c, w, h) => bars(pen, c, [[-w, -h * 0.38, 2 * w, h * 0.4]]),
} satisfies Record<string, Texture>;

const TEXTURES: Record<Exclude<TextureName, 'plain'>, Texture> = { ...BASE_TEXTURES, ...TITLE_TEXTURES };

export type TextureName = 'plain' | keyof typeof BASE_TEXTURES | keyof typeof TITLE_TEXTURES;

export function paintTexture(pen: Pen, name: TextureName, colour: Rgb, w: number, h: number): void {
  if (name !== 'plain') TEXTURES[name](pen, colour, w, h);
}
