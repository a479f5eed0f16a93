import type { Aligned } from './align.ts';
import { agreement } from './detail.ts';
import { isSecondTake } from './kinds.ts';
import {
  type Fit,
  type Likeness,
  likenessOf,
  nextAlike,
  standingIn,
  stirring,
  stretchAlike,
} from './likeness.ts';
import { gridCells, type Print } from './prints.ts';
import { merit, refined } from './refine.ts';
import type { View } from './views.ts';

/** Two shots of which one shows what the other shows. `fit` looks at `a` and lays it on `b`. */
export interface FoundCopy {
  a: Print;
  b: Print;
  fit: Fit;
  likeness: Likeness;
}

/** A way in which two shots may lie on each other. */
export interface Way extends Aligned {
  view: View;
  /** How alike a few of their pictures are so, by their waves. */
  picture: number;
}

/** Reads the middle of a shot, `detailWidth x detailHeight` luma; null where there is no such picture. */
export type Details = (print: Print) => Promise<Float32Array | null>;

/** Ways of lying on each other that are looked at closely, of a pair of shots. */
const closelyMost = 3;
/** Correlation that is worth looking at twice as many, where none of these was a copy, and what a copy found so must have. */
const worthMore = 0.6;
const surely = 0.9;
/** Correlation of a few pictures before the fit is improved, below which it is not tried. */
export const promising = 0.6;

/** How two shots are copies of each other, by the best of the ways in which they may lie on each other; null: they are none. */
export async function compared(
  a: Print,
  b: Print,
  ways: readonly Way[],
  detail: Details,
): Promise<FoundCopy | null> {
  const fits = likely(ways);
  let best: FoundCopy | null = null;
  let nearest = 0;
  for (const fit of fits.slice(0, closelyMost)) {
    const { picture, found } = await lookedAt(a, b, fit, detail);
    nearest = Math.max(nearest, picture);
    if (found && (!best || meritOf(found) > meritOf(best))) best = found;
  }
  return best ?? (nearest < worthMore ? null : sureOne(a, b, fits.slice(closelyMost), detail));
}

/** The first sure copy among more fits. */
async function sureOne(a: Print, b: Print, fits: readonly Fit[], detail: Details): Promise<FoundCopy | null> {
  for (const fit of fits) {
    const { picture, found } = await lookedAt(a, b, fit, detail);
    if (found && picture >= surely) return found;
  }
  return null;
}

/** The likeliest by how much of their hashes agrees, those first of whose pictures that holds too. */
const likely = (ways: readonly Way[]): Fit[] =>
  ways
    .toSorted((x, y) => y.score - x.score)
    .slice(0, 2 * closelyMost)
    .sort((x, y) => merit(y.picture, y) - merit(x.picture, x))
    .map(({ view, offset, speed }) => ({ view, offset, speed }));

/** How alike the small pictures are in a fit once it is improved, and the copy that it shows. */
async function lookedAt(a: Print, b: Print, fit: Fit, detail: Details) {
  const closer = refined(a, b, fit);
  const likeness = likenessOf(a, b, closer);
  const found = (await closely({ a, b, fit: closer, likeness }, detail)) ?? partly(a, b, closer);
  return { picture: likeness.picture, found: found && !isSecondTake(found) ? found : null };
}

export const meritOf = ({ likeness, fit }: FoundCopy): number => merit(likeness.picture, fit);

/** A stretch that both show and that moves, where the rest of them is not the same. Within one film it is a second take. */
function partly(a: Print, b: Print, fit: Fit): FoundCopy | null {
  const stretch = a.file === b.file ? null : stretchAlike(a, b, fit);
  if (!stretch) return null;
  const closer = refined(a, b, stretch);
  const likeness = likenessOf(a, b, closer);
  const isSame =
    likeness.motion >= moving &&
    likeness.picture >= sameStretch.picture &&
    likeness.change >= sameStretch.change;
  return isSame ? { a, b, fit: closer, likeness } : null;
}

const sameStretch = { picture: 0.95, change: 0.75 };

/** Where both stand, their middles say in detail whether they are copies; else their small pictures and how these move. */
async function closely(found: FoundCopy, detail: Details): Promise<FoundCopy | null> {
  const { a, b, fit, likeness } = found;
  const small = isCopy(found) ? found : null;
  const isMoving = likeness.motion >= moving;
  if (likeness.picture < nearlyAlike || (isMoving && !small) || standingIn(a, b, fit) < stands) return small;
  const [own, other] = [await detail(a), await detail(b)];
  if (!own || !other) return small;
  const { share, view } = agreement(own, other, fit.view);
  if (small && share >= mayBeAnotherMoment && stirAlike(a, b, fit)) return small;
  return share >= leastAgreement ? { ...found, fit: { ...fit, view: isMoving ? fit.view : view } } : null;
}

/** Correlation of a shot's pictures with that in its middle, from which on the middle shows all of it. */
const stands = 0.985;
/** Correlation of small pictures, from which on pictures that stand are compared in detail, and how much of it must agree. */
const nearlyAlike = 0.8;
const leastAgreement = 0.9;
/** Below it middles are not other moments of one view: other words stand before what stirs. */
const mayBeAnotherMoment = 0.5;

/**
 * Something small that stirs in a shot that stands is proof, where it stirs alike and middles differ by no more than it. As shares
 * of contrast. Copies of one that has .06 had a change of .68 and more, the same view before and after another shot .04 at most.
 */
const stirs = { motion: 0.03, change: 0.5 };

function stirAlike(a: Print, b: Print, fit: Fit): boolean {
  const { motion, change } = stirring(a, b, fit);
  return motion >= stirs.motion && change >= stirs.change;
}

/** Change of a picture from grid to grid, as a share of its contrast, from which on it must be the same change. */
const moving = 0.05;
/** The faster a picture moves, the less alike are moments an eighth of a second apart, and the surer is the same change. */
const alike = [
  { picture: 0.85, change: 0.5 },
  { picture: 0.78, change: 0.75 },
];
const stillAlike = 0.96;

/**
 * Pictures of copies are up to half a grid apart in time. Where one shakes within that, its changes say little, but it is no further
 * from the other than half the way to its own next picture. In six real films other shots were at 2.2 ways and more, and other moments
 * of one shot, as like as this, at .76 and more with a change of .11 at most. What blows to and fro can come back to about where it
 * was: where changes say least, both must be shown from end to end.
 */
const ofTheWay = 0.5;
const alikeAtOnce = [
  { picture: 0.7, change: 0.5, ofLonger: 0 },
  { picture: 0.95, change: 0.15, ofLonger: 0.75 },
];

/** Part of the shorter of two shots that lies on the other, from which on it is the shot; below it is a chance more often than a cut. */
const mostOfIt = 0.75;
/** What two shots that only meet at their ends must have. `bits` of 64 in which their hashes may differ, mean. */
const sureOfAPart = { picture: 0.93, change: 0.75, bits: 10 };

/**
 * What moves must move alike: one place seen twice by one camera looks alike without being a copy. What stands must be
 * the very picture.
 */
function isCopy(found: FoundCopy): boolean {
  const { a, b, likeness } = found;
  const { picture, change, motion, bits } = likeness;
  if (motion < moving) return picture >= stillAlike;
  const changesAlike = alike.some((least) => picture >= least.picture && change >= least.change);
  if (!changesAlike && !isSameMoment(found)) return false;
  const shorter = Math.min(a.grids.length, b.grids.length) / gridCells;
  const isSure = picture >= sureOfAPart.picture && change >= sureOfAPart.change && bits <= sureOfAPart.bits;
  return isSure || likeness.overlap >= mostOfIt * shorter;
}

/** Whether pictures are nearer to those that they lie on than these are to each other. */
function isSameMoment({ a, b, fit, likeness: { picture, change, overlap } }: FoundCopy): boolean {
  const ofLonger = overlap / (Math.max(a.grids.length, b.grids.length) / gridCells);
  const has = (least: (typeof alikeAtOnce)[number]) =>
    picture >= least.picture && change >= least.change && ofLonger >= least.ofLonger;
  return alikeAtOnce.some(has) && 1 - picture <= ofTheWay * (1 - nextAlike(a, b, fit));
}
