import type { View } from './views.ts';

/** Size of the pictures in which letters and small things are compared. */
export const detailWidth = 160;
export const detailHeight = 96;
const pixels = detailWidth * detailHeight;

/** How alike the details of two pictures are where they lie on each other best. */
export interface Agreement {
  /** Share of the details, by their energy, in parts of the picture that are alike: 0..1. */
  share: number;
  view: View;
}

/** Steps by which a view is laid more closely, in shares of a side: from half a cell of a print to half a pixel. */
const steps = [0.02, 0.01, 0.005, 0.0025];
const roundsMost = 6;
/** As far as a view may lie outside of its picture, where bars were cut a little wide. */
const outside = 0.02;
/** Agreement at which a view is not laid more closely. */
const enough = 0.98;

/** Parts across and down, and the correlation from which on a part is alike. */
const partsAcross = 16;
const partsDown = 12;
const alike = 0.6;

/**
 * How much of what two pictures show in detail is the same, brightness and contrast apart.
 * @param own luma of `detailWidth x detailHeight`, row by row, and `other` too
 * @param view the part of `own` that `other` shows, to a cell of a print
 */
export function agreement(own: Float32Array, other: Float32Array, view: View): Agreement {
  const [fine, target] = [detailsOf(own), detailsOf(other)];
  const at = (one: View): Agreement => ({ view: one, share: shareAlike(through(fine, one), target) });
  const first = at(view);
  return first.share >= enough ? first : at(laidCloser(fine, target, view));
}

function laidCloser(fine: Float32Array, target: Float32Array, view: View): View {
  const value = (one: View): number => cosine(through(fine, one), target);
  let [best, most] = [view, value(view)];
  for (const step of steps) {
    for (let round = 0, before = Number.NEGATIVE_INFINITY; round < roundsMost && most > before; round++) {
      before = most;
      for (const one of around(best, step)) {
        const found = value(one);
        if (found > most + 1e-4) [best, most] = [one, found];
      }
    }
  }
  return best;
}

/** Views moved, and with single sides moved, by a step. */
function around(view: View, step: number): View[] {
  const { x0, x1, y0, y1 } = view;
  const moves = [step, -step].flatMap((by): Partial<View>[] => [
    { x0: x0 + by, x1: x1 + by },
    { y0: y0 + by, y1: y1 + by },
    { x0: x0 + by },
    { x1: x1 + by },
    { y0: y0 + by },
    { y1: y1 + by },
    { x0: x0 + by, x1: x1 - by, y0: y0 + by, y1: y1 - by },
  ]);
  const isNear = (from: number, to: number) => from >= -outside && to <= 1 + outside;
  return moves
    .map((move) => ({ ...view, ...move }))
    .filter((one) => isNear(one.x0, one.x1) && isNear(one.y0, one.y1));
}

/** What is seen of a picture through a view, stretched over its size again (bilinear). */
function through(picture: Float32Array, { x0, x1, y0, y1, mirrored }: View): Float32Array {
  const seen = new Float32Array(pixels);
  const across = places(detailWidth, x0, x1);
  const down = places(detailHeight, y0, y1);
  for (let y = 0, to = 0; y < detailHeight; y++) {
    const top = Math.floor(down[y] as number);
    const below = (down[y] as number) - top;
    for (let x = 0; x < detailWidth; x++, to++) {
      const place = across[mirrored ? detailWidth - 1 - x : x] as number;
      const left = Math.floor(place);
      const right = place - left;
      const at = top * detailWidth + left;
      const upper = (picture[at] as number) * (1 - right) + (picture[at + 1] as number) * right;
      const under =
        (picture[at + detailWidth] as number) * (1 - right) +
        (picture[at + detailWidth + 1] as number) * right;
      seen[to] = upper * (1 - below) + under * below;
    }
  }
  return seen;
}

/** Where the pixels of a side look, always before the last one. */
const places = (count: number, from: number, to: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => {
    const place = (from + ((i + 0.5) / count) * (to - from)) * count - 0.5;
    return Math.max(0, Math.min(count - 1.001, place));
  });

/** Pixels each way over which a picture is evened out to see what stands out of it. */
const radius = 8;

/** A picture without what changes slowly over it. */
function detailsOf(picture: Float32Array): Float32Array {
  const rows = evened(picture, detailHeight, detailWidth, detailWidth, 1);
  const even = evened(rows, detailWidth, detailHeight, 1, detailWidth);
  return picture.map((value, i) => value - (even[i] as number));
}

/** Means over `2 radius + 1` pixels of each of `lines` lines that are `apart`, whose `count` pixels are `next` apart. */
function evened(from: Float32Array, lines: number, count: number, apart: number, next: number): Float32Array {
  const out = new Float32Array(pixels);
  for (let line = 0; line < lines; line++) {
    let [sum, held] = [0, 0];
    for (let i = -radius; i < count; i++) {
      const [enters, leaves] = [i + radius, i - radius - 1];
      if (enters < count) {
        sum += from[line * apart + enters * next] as number;
        held++;
      }
      if (leaves >= 0) {
        sum -= from[line * apart + leaves * next] as number;
        held--;
      }
      if (i >= 0) out[line * apart + i * next] = sum / held;
    }
  }
  return out;
}

interface Products {
  aa: number;
  bb: number;
  ab: number;
}

function products(
  a: Float32Array,
  b: Float32Array,
  part = { x0: 0, x1: detailWidth, y0: 0, y1: detailHeight },
): Products {
  let [aa, bb, ab] = [0, 0, 0];
  for (let y = part.y0; y < part.y1; y++) {
    for (let i = y * detailWidth + part.x0; i < y * detailWidth + part.x1; i++) {
      const [p, q] = [a[i] as number, b[i] as number];
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  }
  return { aa, bb, ab };
}

const cosineOf = ({ aa, bb, ab }: Products): number => (aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0);
const cosine = (a: Float32Array, b: Float32Array): number => cosineOf(products(a, b));

/** Details are weighed by the picture that has more of them there, so that what one of them lacks counts. */
function shareAlike(a: Float32Array, b: Float32Array): number {
  const whole = products(a, b);
  const [unitA, unitB] = [1 / Math.max(1e-9, whole.aa), 1 / Math.max(1e-9, whole.bb)];
  let [same, all] = [0, 0];
  for (const part of everyPart) {
    const one = products(a, b, part);
    const weight = Math.max(one.aa * unitA, one.bb * unitB);
    all += weight;
    if (cosineOf(one) >= alike) same += weight;
  }
  return same / Math.max(1e-9, all);
}

const everyPart = Array.from({ length: partsAcross * partsDown }, (_, i) => {
  const [x, y] = [i % partsAcross, Math.floor(i / partsAcross)];
  return {
    ...{ x0: (x * detailWidth) / partsAcross, x1: ((x + 1) * detailWidth) / partsAcross },
    ...{ y0: (y * detailHeight) / partsDown, y1: ((y + 1) * detailHeight) / partsDown },
  };
});
