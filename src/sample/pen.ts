import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Rgb, Time } from './spec.ts';

/** What a drawing function needs: where to draw, how light falls on a colour, and the outline. */
export interface Pen {
  readonly ctx: SKRSContext2D;
  readonly lit: (colour: Rgb) => Rgb;
  /** Outline colour, already lit; null draws none. Width in the context's present units. */
  readonly ink: Rgb | null;
  readonly inkWidth: number;
}

/** Draws one bold thing at the origin, u = its nominal height (a body's height for what characters hold). */
export type Drawing = (pen: Pen, colour: Rgb, u: number) => void;

/** The same pen without outline, for what lies inside an outlined form. */
export const plain = (pen: Pen): Pen => ({ ...pen, ink: null });

export type Point = readonly [number, number];

export const css = (c: Rgb): string => `rgb(${Math.round(c[0])},${Math.round(c[1])},${Math.round(c[2])})`;

export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * share;
  return [at(0), at(1), at(2)];
}

export const darker = (c: Rgb, share = 0.25): Rgb => mix(c, [20, 16, 40], share);
export const lighter = (c: Rgb, share = 0.3): Rgb => mix(c, [255, 255, 250], share);

/** Multipliers of red, green and blue: night is a visible dark blue, sunset a warm orange. */
const LIGHT: Record<Time, Rgb> = { day: [1, 1, 1], night: [0.3, 0.38, 0.68], sunset: [1.02, 0.74, 0.54] };

/** The light of a time of day; `amount` 1 for scenery, less for characters so that they stay readable. */
export function lightOf(time: Time, amount: number): (colour: Rgb) => Rgb {
  const mul = LIGHT[time];
  const at = (c: Rgb, i: 0 | 1 | 2) => Math.min(255, c[i] * (1 + (mul[i] - 1) * amount));
  return (c) => [at(c, 0), at(c, 1), at(c, 2)];
}

/** Fills the path that `build` lays and outlines it when the pen has ink. */
export function shape(pen: Pen, colour: Rgb, build: (ctx: SKRSContext2D) => void): void {
  const { ctx } = pen;
  ctx.beginPath();
  build(ctx);
  ctx.fillStyle = css(pen.lit(colour));
  ctx.fill();
  if (!pen.ink) return;
  ctx.lineWidth = pen.inkWidth;
  ctx.strokeStyle = css(pen.ink);
  ctx.stroke();
}

export function poly(pen: Pen, colour: Rgb, points: readonly Point[]): void {
  shape(pen, colour, (ctx) => tracePoly(ctx, points));
}

export function tracePoly(ctx: SKRSContext2D, points: readonly Point[]): void {
  points.forEach(([x, y], i) => {
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.closePath();
}

export function oval(pen: Pen, colour: Rgb, x: number, y: number, rx: number, ry = rx): void {
  shape(pen, colour, (ctx) => ctx.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2));
}

/** A rectangle whose bottom edge stands at y. */
export function block(pen: Pen, colour: Rgb, x: number, y: number, w: number, h: number): void {
  shape(pen, colour, (ctx) => ctx.rect(x - w / 2, y - h, w, h));
}

/** A bold line. */
export function stroke(pen: Pen, colour: Rgb, width: number, points: readonly Point[]): void {
  const { ctx } = pen;
  ctx.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.lineWidth = width;
  ctx.strokeStyle = css(pen.lit(colour));
  ctx.stroke();
}
