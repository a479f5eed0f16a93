import { block, type Drawing, darker, lighter, oval, type Pen, plain, poly, shape, stroke } from './pen.ts';
import type { Rgb } from './spec.ts';

// What a character wears (origin: where a hat rests) or holds (origin: the hand).

const BLACK: Rgb = [34, 32, 44];
const WOOD: Rgb = [122, 82, 52];

function tophat(pen: Pen, colour: Rgb, u: number): void {
  block(pen, BLACK, 0, 0.05 * u, 0.66 * u, 0.09 * u);
  block(pen, BLACK, 0, -0.03 * u, 0.42 * u, 0.32 * u);
  block(plain(pen), colour, 0, -0.04 * u, 0.42 * u, 0.09 * u);
}

function crown(pen: Pen, colour: Rgb, u: number): void {
  const points = [-0.3, -0.15, 0, 0.15, 0.3].map((x, i) => [x * u, (i % 2 ? -0.1 : -0.27) * u] as const);
  poly(pen, colour, [[-0.26 * u, 0.05 * u], ...points, [0.26 * u, 0.05 * u]]);
}

function bow(pen: Pen, colour: Rgb, u: number): void {
  const wing = (side: number) =>
    poly(pen, colour, [
      [0, -0.06 * u],
      [side * 0.36 * u, -0.25 * u],
      [side * 0.36 * u, 0.12 * u],
    ]);
  wing(-1);
  wing(1);
  oval(pen, darker(colour), 0, -0.06 * u, 0.08 * u);
}

function lollipop(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, [250, 246, 236], 0.07 * u, [
    [0, 0.22 * u],
    [0, -0.4 * u],
  ]);
  oval(pen, colour, 0, -0.6 * u, 0.27 * u);
  oval(plain(pen), lighter(colour, 0.7), 0, -0.6 * u, 0.12 * u);
}

function spade(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.08 * u, [
    [0, 0.3 * u],
    [0, -0.5 * u],
  ]);
  poly(pen, colour, [
    [-0.2 * u, -0.5 * u],
    [0.2 * u, -0.5 * u],
    [0.2 * u, -0.84 * u],
    [0, -1.04 * u],
    [-0.2 * u, -0.84 * u],
  ]);
}

function bag(pen: Pen, colour: Rgb, u: number): void {
  shape(pen, darker(colour, 0.5), (ctx) => ctx.arc(0.14 * u, 0, 0.13 * u, Math.PI, 0));
  block(pen, colour, 0.14 * u, 0.34 * u, 0.5 * u, 0.36 * u);
}

function umbrella(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.06 * u, [
    [0, 0.16 * u],
    [0, -0.95 * u],
  ]);
  shape(pen, colour, (ctx) => {
    ctx.arc(0, -0.8 * u, 0.48 * u, Math.PI, 0);
    ctx.closePath();
  });
  poly(plain(pen), lighter(colour, 0.6), [
    [-0.16 * u, -0.8 * u],
    [0, -1.26 * u],
    [0.16 * u, -0.8 * u],
  ]);
}

function lantern(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.06 * u, [
    [-0.1 * u, -0.34 * u],
    [0.12 * u, -0.34 * u],
    [0.12 * u, -0.18 * u],
  ]);
  const bright = { ...pen, lit: (c: Rgb) => c };
  block(bright, colour, 0.12 * u, 0.16 * u, 0.28 * u, 0.34 * u);
  block({ ...bright, ink: null }, lighter(colour, 0.75), 0.12 * u, 0.08 * u, 0.12 * u, 0.2 * u);
}

function balloon(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, [240, 236, 224], 0.035 * u, [
    [0, 0.05 * u],
    [0.06 * u, -0.6 * u],
  ]);
  oval(pen, colour, 0.08 * u, -0.86 * u, 0.25 * u, 0.3 * u);
  oval(plain(pen), lighter(colour, 0.7), 0.0, -0.96 * u, 0.07 * u);
}

function fish(pen: Pen, colour: Rgb, u: number): void {
  poly(pen, colour, [
    [-0.3 * u, -0.22 * u],
    [-0.3 * u, 0.14 * u],
    [-0.06 * u, -0.04 * u],
  ]);
  oval(pen, colour, 0.12 * u, -0.04 * u, 0.28 * u, 0.17 * u);
  oval(plain(pen), [250, 250, 250], 0.24 * u, -0.08 * u, 0.05 * u);
}

function guitar(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.09 * u, [
    [0, 0],
    [0.3 * u, -0.5 * u],
  ]);
  oval(pen, colour, -0.06 * u, 0.1 * u, 0.22 * u);
  oval(pen, colour, 0.06 * u, -0.12 * u, 0.16 * u);
  oval(plain(pen), BLACK, -0.02 * u, 0.02 * u, 0.07 * u);
}

function flag(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.06 * u, [
    [0, 0.3 * u],
    [0, -0.85 * u],
  ]);
  poly(pen, colour, [
    [0, -0.86 * u],
    [0.5 * u, -0.66 * u],
    [0, -0.44 * u],
  ]);
}

function key(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, colour, 0.11 * u, [
    [0.02 * u, -0.1 * u],
    [0.02 * u, 0.36 * u],
  ]);
  stroke(pen, colour, 0.1 * u, [
    [0, 0.28 * u],
    [0.2 * u, 0.28 * u],
  ]);
  oval(pen, colour, 0.02 * u, -0.2 * u, 0.19 * u);
  oval(plain(pen), BLACK, 0.02 * u, -0.2 * u, 0.07 * u);
}

function broom(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, WOOD, 0.07 * u, [
    [0, -0.8 * u],
    [0, 0.2 * u],
  ]);
  poly(pen, colour, [
    [-0.08 * u, 0],
    [0.08 * u, 0],
    [0.24 * u, 0.42 * u],
    [-0.24 * u, 0.42 * u],
  ]);
}

function blossom(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, [70, 130, 80], 0.06 * u, [
    [0, 0.2 * u],
    [0.04 * u, -0.42 * u],
  ]);
  for (const [x, y] of [
    [-0.1, -0.44],
    [0.18, -0.44],
    [0.04, -0.58],
    [0.04, -0.3],
  ] as const) {
    oval(pen, colour, x * u, y * u, 0.13 * u);
  }
  oval(plain(pen), [250, 220, 120], 0.04 * u, -0.44 * u, 0.08 * u);
}

function drum(pen: Pen, colour: Rgb, u: number): void {
  block(pen, colour, 0.1 * u, 0.2 * u, 0.44 * u, 0.32 * u);
  oval(pen, [244, 238, 220], 0.1 * u, -0.12 * u, 0.22 * u, 0.08 * u);
}

function kite(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, [240, 236, 224], 0.035 * u, [
    [0, 0],
    [0.14 * u, -0.6 * u],
  ]);
  poly(pen, colour, [
    [0.16 * u, -1.24 * u],
    [0.4 * u, -0.9 * u],
    [0.16 * u, -0.54 * u],
    [-0.08 * u, -0.9 * u],
  ]);
  poly(plain(pen), lighter(colour, 0.6), [
    [0.16 * u, -1.2 * u],
    [0.37 * u, -0.9 * u],
    [0.16 * u, -0.9 * u],
  ]);
}

function wand(pen: Pen, colour: Rgb, u: number): void {
  stroke(pen, BLACK, 0.07 * u, [
    [0, 0.12 * u],
    [0.1 * u, -0.42 * u],
  ]);
  const points = Array.from({ length: 10 }, (_, i) => {
    const r = (i % 2 ? 0.11 : 0.26) * u;
    return [0.12 * u + Math.sin((i * Math.PI) / 5) * r, -0.55 * u - Math.cos((i * Math.PI) / 5) * r] as const;
  });
  poly(pen, colour, points);
}

export const BASE_HEADGEAR = { nothing: () => undefined, tophat, crown, bow } satisfies Record<
  string,
  Drawing
>;
/** What a fellow of the base holds in place of headgear. */
export const BASE_PROPS = { lollipop, spade, bag } satisfies Record<string, Drawing>;
export const TITLE_PROPS = {
  umbrella,
  lantern,
  balloon,
  fish,
  guitar,
  flag,
  key,
  broom,
  blossom,
  drum,
  kite,
  wand,
} satisfies Record<string, Drawing>;

const PROPS: Record<keyof typeof BASE_PROPS | keyof typeof TITLE_PROPS, Drawing> = {
  ...BASE_PROPS,
  ...TITLE_PROPS,
};

export type HeldName = keyof typeof BASE_HEADGEAR | keyof typeof BASE_PROPS | keyof typeof TITLE_PROPS;

export const isHeadgear = (name: HeldName): name is keyof typeof BASE_HEADGEAR => name in BASE_HEADGEAR;

export function drawHeld(pen: Pen, name: HeldName, colour: Rgb, u: number): void {
  const held: Drawing = isHeadgear(name) ? BASE_HEADGEAR[name] : PROPS[name];
  held(pen, colour, u);
}
