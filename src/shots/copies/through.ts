import { type Copy, type CopyKind, copyKinds } from './schema.ts';

/** Part of the shorter of two stretches of one shot that is in both, from which on what lies on them shows the same. */
const mostOfIt = 0.75;
/** Speeds of copies lie 4 % apart. */
const sameSpeed = 0.01;

type Side = Copy['a'];
/** A pair seen from one of its shots: `own` shows what `other` shows; seconds of the other for one of its own. */
interface Seen {
  copy: Copy;
  own: Side;
  other: Side;
  speed: number;
}

/**
 * Pairs, and those that follow from them: two shots that each show the same stretch of a third show the same, also where they are too
 * unlike to be known by themselves (moments of a fast move, at other rates). Within one film none follow: two takes are like one copy.
 * @param fileOf the film of each shot
 */
export function withThrough(copies: readonly Copy[], fileOf: ReadonlyMap<string, string>): Copy[] {
  const all = [...copies];
  for (let known = 0; known < all.length; ) {
    known = all.length;
    all.push(...followingFrom(all, fileOf));
  }
  return all;
}

function followingFrom(copies: readonly Copy[], fileOf: ReadonlyMap<string, string>): Copy[] {
  const pairs = new Set(copies.map(({ a, b }) => keyOf(a, b)));
  const found: Copy[] = [];
  for (const seen of byShot(copies).values()) {
    for (const [k, one] of seen.entries()) {
      for (const two of seen.slice(k + 1)) {
        const key = keyOf(one.other, two.other);
        if (pairs.has(key) || fileOf.get(one.other.shot) === fileOf.get(two.other.shot)) continue;
        const copy = through(one, two);
        if (!copy) continue;
        pairs.add(key);
        found.push(copy);
      }
    }
  }
  return found;
}

const keyOf = (a: Side, b: Side): string => [a.shot, b.shot].sort().join(' ');

/** The pairs of each shot, the same whatever their order. */
function byShot(copies: readonly Copy[]): Map<string, Seen[]> {
  const seen = copies.flatMap((copy): Seen[] => [
    { copy, own: copy.a, other: copy.b, speed: copy.speed },
    { copy, own: copy.b, other: copy.a, speed: 1 / copy.speed },
  ]);
  seen.sort((x, y) => (x.other.shot < y.other.shot ? -1 : 1));
  return Map.groupBy(seen, ({ own }) => own.shot);
}

/** The pair of what two shots show of a third; null where they show other parts of it. The first shows the whole of what the other shows, if one does. */
function through(...both: [Seen, Seen]): Copy | null {
  const [one, two] = both.sort((x, y) => cutAway(x) - cutAway(y));
  const [from, to] = [Math.max(one.own.in, two.own.in), Math.min(one.own.out, two.own.out)];
  if (to - from < mostOfIt * Math.min(lengthOf(one.own), lengthOf(two.own)) || to <= from) return null;
  const speed = two.speed / one.speed;
  return {
    a: shownIn(one, from, to),
    b: shownIn(two, from, to),
    kinds: kindsOf(one, two, speed),
    similarity: Math.min(one.copy.similarity, two.copy.similarity),
    speed: Math.round(speed * 10_000) / 10_000,
  };
}

/** 1 where the other shows a part of the shot's picture, -1 where the shot shows a part of the other's. */
function cutAway({ copy, own }: Seen): number {
  if (!copy.kinds.includes('cropped')) return 0;
  return copy.a.shot === own.shot ? 1 : -1;
}

const lengthOf = (side: Side): number => side.out - side.in;

/** Frames of the other that lie on a stretch of the shot. */
function shownIn({ own, other }: Seen, from: number, to: number): Side {
  const at = (frame: number) =>
    Math.round(other.in + ((frame - own.in) * lengthOf(other)) / Math.max(1, lengthOf(own)));
  return { shot: other.shot, in: at(from), out: at(to) };
}

/** Twice mirrored is not mirrored, and of two that are cut alike nobody knows; regraded both may be in other ways. */
function kindsOf(one: Seen, two: Seen, speed: number): CopyKind[] {
  const both = [one.copy.kinds, two.copy.kinds];
  const is: Record<CopyKind, boolean> = {
    mirrored: both.filter((kinds) => kinds.includes('mirrored')).length === 1,
    cropped: cutAway(one) !== cutAway(two),
    regraded: both.some((kinds) => kinds.includes('regraded')),
    retimed: Math.abs(speed - 1) > sameSpeed,
  };
  return copyKinds.filter((kind) => is[kind]);
}
