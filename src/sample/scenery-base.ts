import { block, type Drawing, darker, oval, plain, poly, shape, stroke } from './pen.ts';
import type { Rgb } from './spec.ts';

const TRUNK: Rgb = [112, 74, 46];
const GLASS: Rgb = [255, 236, 150];

/** What stands in the base's places. */
export const BASE = {
  tree: (pen, c, u) => {
    block(pen, TRUNK, 0, 0, 0.14 * u, 0.5 * u);
    oval(pen, c, 0, -0.68 * u, 0.36 * u, 0.34 * u);
  },
  flower: (pen, c, u) => {
    stroke(pen, [52, 120, 60], 0.07 * u, [
      [0, 0],
      [0, -0.4 * u],
    ]);
    oval(pen, c, 0, -0.46 * u, 0.18 * u);
    oval(plain(pen), [255, 240, 150], 0, -0.46 * u, 0.07 * u);
  },
  cactus: (pen, c, u) => {
    shape(pen, c, (ctx) => {
      ctx.roundRect(-0.1 * u, -0.9 * u, 0.2 * u, 0.9 * u, 0.1 * u);
      ctx.roundRect(-0.36 * u, -0.7 * u, 0.14 * u, 0.34 * u, 0.07 * u);
      ctx.rect(-0.34 * u, -0.46 * u, 0.3 * u, 0.12 * u);
      ctx.roundRect(0.22 * u, -0.6 * u, 0.14 * u, 0.32 * u, 0.07 * u);
      ctx.rect(0.04 * u, -0.38 * u, 0.3 * u, 0.12 * u);
    });
  },
  rock: (pen, c, u) =>
    poly(pen, c, [
      [-0.42 * u, 0],
      [-0.26 * u, -0.34 * u],
      [0.1 * u, -0.44 * u],
      [0.42 * u, 0],
    ]),
  tower: (pen, c, u) => {
    block(pen, c, 0, 0, 0.5 * u, 1.15 * u);
    for (const y of [0.2, 0.5, 0.8]) {
      for (const x of [-0.12, 0.12])
        block({ ...plain(pen), lit: (k) => k }, GLASS, x * u, -y * u, 0.12 * u, 0.16 * u);
    }
  },
  lamp: (pen, c, u) => {
    block(pen, c, 0, 0, 0.07 * u, 0.85 * u);
    oval({ ...pen, lit: (k) => k }, GLASS, 0, -0.9 * u, 0.13 * u);
  },
  trunk: (pen, c, u) => {
    block(pen, c, 0, 0, 0.26 * u, 2 * u);
    block(plain(pen), darker(c), 0.07 * u, 0, 0.12 * u, 2 * u);
  },
  fern: (pen, c, u) => {
    for (const x of [-0.3, 0, 0.3])
      poly(plain(pen), c, [
        [-0.1 * u, 0],
        [x * 1.4 * u, -0.5 * u + Math.abs(x) * 0.4 * u],
        [0.1 * u, 0],
      ]);
  },
  palm: (pen, c, u) => {
    stroke(pen, TRUNK, 0.11 * u, [
      [0, 0],
      [0.06 * u, -0.45 * u],
      [0.02 * u, -0.85 * u],
    ]);
    for (const x of [-0.42, -0.22, 0.24, 0.46]) {
      poly(pen, c, [
        [0.02 * u, -0.96 * u],
        [x * u, -0.96 * u + (Math.abs(x) - 0.22) * u],
        [0.02 * u, -0.8 * u],
      ]);
    }
  },
  boat: (pen, c, u) => {
    poly(pen, c, [
      [-0.42 * u, -0.26 * u],
      [0.42 * u, -0.26 * u],
      [0.26 * u, 0],
      [-0.26 * u, 0],
    ]);
    poly(
      pen,
      [250, 250, 245],
      [
        [0, -0.32 * u],
        [0, -0.9 * u],
        [0.34 * u, -0.32 * u],
      ],
    );
  },
  pine: (pen, c, u) => {
    block(pen, TRUNK, 0, 0, 0.12 * u, 0.2 * u);
    poly(pen, c, [
      [-0.36 * u, -0.16 * u],
      [0, -1.02 * u],
      [0.36 * u, -0.16 * u],
    ]);
    poly(
      plain(pen),
      [248, 250, 255],
      [
        [-0.15 * u, -0.66 * u],
        [0, -1.02 * u],
        [0.15 * u, -0.66 * u],
      ],
    );
  },
  igloo: (pen, c, u) => {
    shape(pen, c, (ctx) => ctx.arc(0, 0, 0.5 * u, Math.PI, 0));
    shape(plain(pen), darker(c, 0.6), (ctx) => ctx.arc(0, 0, 0.18 * u, Math.PI, 0));
  },
} satisfies Record<string, Drawing>;
