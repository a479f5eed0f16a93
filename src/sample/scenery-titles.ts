import { block, type Drawing, darker, lighter, oval, plain, poly, shape, stroke } from './pen.ts';
import type { Rgb } from './spec.ts';

const GLASS: Rgb = [255, 236, 150];

/** What stands in the titles' places. */
export const TITLE = {
  mushroom: (pen, c, u) => {
    block(pen, [244, 232, 208], 0, 0, 0.22 * u, 0.5 * u);
    shape(pen, c, (ctx) => ctx.ellipse(0, -0.45 * u, 0.44 * u, 0.42 * u, 0, Math.PI, 0));
    for (const [x, y] of [
      [-0.2, 0.58],
      [0.06, 0.72],
      [0.24, 0.54],
    ] as const)
      oval(plain(pen), [255, 250, 240], x * u, -y * u, 0.07 * u);
  },
  crystal: (pen, c, u) => {
    poly(pen, c, [
      [-0.2 * u, 0],
      [-0.26 * u, -0.6 * u],
      [-0.02 * u, -1 * u],
      [0.2 * u, -0.6 * u],
      [0.2 * u, 0],
    ]);
    poly(plain(pen), lighter(c, 0.5), [
      [-0.26 * u, -0.6 * u],
      [-0.02 * u, -1 * u],
      [-0.02 * u, 0],
      [-0.2 * u, 0],
    ]);
    poly(pen, c, [
      [0.16 * u, 0],
      [0.26 * u, -0.42 * u],
      [0.42 * u, -0.1 * u],
      [0.4 * u, 0],
    ]);
  },
  teacup: (pen, c, u) => {
    oval(plain(pen), darker(c), 0.36 * u, -0.34 * u, 0.16 * u);
    shape(pen, c, (ctx) => ctx.arc(0, -0.56 * u, 0.4 * u, 0, Math.PI));
    block(pen, c, 0, 0, 0.4 * u, 0.2 * u);
    block(plain(pen), lighter(c, 0.6), 0, -0.5 * u, 0.8 * u, 0.1 * u);
  },
  lighthouse: (pen, c, u) => {
    poly(
      pen,
      [246, 240, 226],
      [
        [-0.22 * u, 0],
        [-0.14 * u, -0.9 * u],
        [0.14 * u, -0.9 * u],
        [0.22 * u, 0],
      ],
    );
    poly(plain(pen), c, [
      [-0.19 * u, -0.3 * u],
      [-0.17 * u, -0.56 * u],
      [0.17 * u, -0.56 * u],
      [0.19 * u, -0.3 * u],
    ]);
    block({ ...pen, lit: (k) => k }, GLASS, 0, -0.9 * u, 0.24 * u, 0.16 * u);
    poly(pen, c, [
      [-0.18 * u, -1.06 * u],
      [0, -1.26 * u],
      [0.18 * u, -1.06 * u],
    ]);
  },
  windmill: (pen, c, u) => {
    poly(pen, c, [
      [-0.24 * u, 0],
      [-0.13 * u, -0.8 * u],
      [0.13 * u, -0.8 * u],
      [0.24 * u, 0],
    ]);
    for (const [x, y] of [
      [0.3, 0.3],
      [-0.3, 0.3],
      [0.3, -0.3],
      [-0.3, -0.3],
    ] as const) {
      stroke(pen, [250, 244, 230], 0.11 * u, [
        [0, -0.8 * u],
        [x * u, -(0.8 + y) * u],
      ]);
    }
  },
  books: (pen, c, u) => {
    for (const [i, w] of [0.8, 0.62, 0.72].entries()) {
      block(pen, i % 2 ? lighter(c, 0.55) : c, (i - 1) * 0.05 * u, -i * 0.26 * u, w * u, 0.26 * u);
    }
  },
  clock: (pen, c, u) => {
    block(pen, darker(c, 0.4), 0, 0, 0.16 * u, 0.5 * u);
    oval(pen, c, 0, -0.72 * u, 0.36 * u);
    oval(plain(pen), [252, 246, 228], 0, -0.72 * u, 0.26 * u);
    stroke(pen, [40, 34, 50], 0.06 * u, [
      [0, -0.92 * u],
      [0, -0.72 * u],
      [0.14 * u, -0.64 * u],
    ]);
  },
  coral: (pen, c, u) => {
    for (const [x, y] of [
      [-0.34, 0.7],
      [0, 0.95],
      [0.36, 0.62],
    ] as const)
      stroke(pen, c, 0.16 * u, [
        [0, 0],
        [x * 0.8 * u, -y * 0.5 * u],
        [x * u, -y * u],
      ]);
    for (const [x, y] of [
      [-0.34, 0.72],
      [0, 0.97],
      [0.36, 0.64],
    ] as const)
      oval(plain(pen), c, x * u, -y * u, 0.12 * u);
  },
  pagoda: (pen, c, u) => {
    for (const [i, w] of [0.86, 0.66, 0.44].entries()) {
      const y = -i * 0.36 * u;
      block(pen, [240, 222, 190], 0, y, w * 0.6 * u, 0.24 * u);
      poly(pen, c, [
        [-w * 0.6 * u, y - 0.2 * u],
        [-w * 0.3 * u, y - 0.4 * u],
        [w * 0.3 * u, y - 0.4 * u],
        [w * 0.6 * u, y - 0.2 * u],
      ]);
    }
  },
  candle: (pen, c, u) => {
    block(pen, c, 0, 0, 0.3 * u, 0.75 * u);
    const flame = { ...plain(pen), lit: (k: Rgb) => k };
    poly(
      flame,
      [255, 190, 60],
      [
        [-0.11 * u, -0.86 * u],
        [0, -1.16 * u],
        [0.11 * u, -0.86 * u],
        [0, -0.76 * u],
      ],
    );
  },
  snail: (pen, c, u) => {
    block(pen, [238, 206, 160], 0.08 * u, 0, 1 * u, 0.18 * u);
    oval(pen, c, -0.06 * u, -0.42 * u, 0.36 * u);
    oval(plain(pen), lighter(c, 0.5), -0.06 * u, -0.42 * u, 0.18 * u);
  },
  pipe: (pen, c, u) => {
    block(pen, c, 0, 0, 0.36 * u, 0.75 * u);
    block(pen, lighter(c, 0.25), 0, -0.7 * u, 0.52 * u, 0.2 * u);
  },
  rocket: (pen, c, u) => {
    poly(pen, darker(c), [
      [-0.36 * u, 0],
      [0, -0.5 * u],
      [0.36 * u, 0],
    ]);
    shape(pen, [240, 240, 246], (ctx) => ctx.ellipse(0, -0.55 * u, 0.2 * u, 0.52 * u, 0, 0, Math.PI * 2));
    oval(pen, c, 0, -0.66 * u, 0.11 * u);
  },
  planet: (pen, c, u) => {
    block(pen, darker(c, 0.5), 0, 0, 0.07 * u, 0.4 * u);
    oval(pen, c, 0, -0.68 * u, 0.32 * u);
    stroke(pen, lighter(c, 0.6), 0.09 * u, [
      [-0.5 * u, -0.56 * u],
      [0.5 * u, -0.8 * u],
    ]);
  },
  tent: (pen, c, u) => {
    poly(pen, c, [
      [-0.5 * u, 0],
      [0, -0.85 * u],
      [0.5 * u, 0],
    ]);
    poly(plain(pen), lighter(c, 0.65), [
      [-0.24 * u, 0],
      [0, -0.85 * u],
      [0.24 * u, 0],
    ]);
    poly(plain(pen), darker(c, 0.6), [
      [-0.11 * u, 0],
      [0, -0.45 * u],
      [0.11 * u, 0],
    ]);
  },
  bottle: (pen, c, u) => {
    shape(pen, c, (ctx) => ctx.roundRect(-0.22 * u, -0.62 * u, 0.44 * u, 0.62 * u, 0.1 * u));
    block(pen, c, 0, -0.58 * u, 0.16 * u, 0.3 * u);
    block(plain(pen), [248, 240, 214], 0, -0.16 * u, 0.44 * u, 0.22 * u);
  },
  cake: (pen, c, u) => {
    block(pen, c, 0, 0, 0.8 * u, 0.36 * u);
    block(pen, lighter(c, 0.6), 0, -0.34 * u, 0.5 * u, 0.3 * u);
    oval(pen, [214, 38, 84], 0, -0.72 * u, 0.11 * u);
  },
  lollipop: (pen, c, u) => {
    block(plain(pen), [250, 246, 236], 0, 0, 0.08 * u, 0.6 * u);
    oval(pen, c, 0, -0.74 * u, 0.3 * u);
    oval(plain(pen), lighter(c, 0.65), 0, -0.74 * u, 0.18 * u);
    oval(plain(pen), c, 0, -0.74 * u, 0.08 * u);
  },
  cogtree: (pen, c, u) => {
    block(pen, [88, 84, 96], 0, 0, 0.13 * u, 0.6 * u);
    for (let i = 0; i < 4; i++) {
      const [x, y] = [Math.cos((i * Math.PI) / 4) * 0.4 * u, Math.sin((i * Math.PI) / 4) * 0.4 * u];
      stroke(pen, c, 0.15 * u, [
        [-x, -0.7 * u - y],
        [x, -0.7 * u + y],
      ]);
    }
    oval(plain(pen), c, 0, -0.7 * u, 0.29 * u);
    oval(plain(pen), lighter(c, 0.6), 0, -0.7 * u, 0.12 * u);
  },
  mailbox: (pen, c, u) => {
    block(pen, [92, 72, 60], 0, 0, 0.11 * u, 0.5 * u);
    shape(pen, c, (ctx) => {
      ctx.roundRect(-0.36 * u, -0.88 * u, 0.72 * u, 0.44 * u, [0.2 * u, 0.2 * u, 0, 0]);
    });
    block(plain(pen), [252, 248, 236], 0, -0.6 * u, 0.4 * u, 0.1 * u);
  },
} satisfies Record<string, Drawing>;
