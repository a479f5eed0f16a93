import type { Copy } from './schema.ts';
import type { Ranked } from './worth.ts';

/** Part of the shorter of two stretches that may be in both: places are known to a quarter second. */
const shared = 0.25;
/** How much of a shot two shots of another film make up together, at least and at most. */
const together = { least: 0.8, most: 1.1 };

/** A shot that shows what another does, and which frames of that one these are. */
interface Part {
  shot: Ranked;
  in: number;
  out: number;
}

/**
 * Shots that are two in another film, one after the other: a boundary was missed in the one, or found wrongly in the other. A clip of it
 * may hold a cut; those of the two hold none either way.
 */
export function joinedOnes(shots: ReadonlyMap<string, Ranked>, copies: readonly Copy[]): Set<string> {
  const parts = new Map<string, Part[]>();
  const note = ({ shot: id, ...span }: Copy['a'], { shot }: Copy['a']) => {
    const found = shots.get(shot);
    if (found) parts.set(id, [...(parts.get(id) ?? []), { shot: found, in: span.in, out: span.out }]);
  };
  for (const { a, b } of copies) {
    note(a, b);
    note(b, a);
  }
  const joined = [...parts].filter(([id, own]) => isJoined(shots.get(id)?.seconds ?? 0, own));
  return new Set(joined.map(([id]) => id));
}

function isJoined(seconds: number, parts: readonly Part[]): boolean {
  const pairs = parts.flatMap((one, k) => parts.slice(k + 1).map((other) => [one, other] as const));
  return pairs.some(([one, other]) => {
    const sum = one.shot.seconds + other.shot.seconds;
    const isAll = sum >= together.least * seconds && sum <= together.most * seconds;
    return one.shot.film === other.shot.film && isAll && areApart(one, other);
  });
}

function areApart(one: Part, other: Part): boolean {
  const common = Math.min(one.out, other.out) - Math.max(one.in, other.in);
  return common <= shared * Math.min(one.out - one.in, other.out - other.in);
}
