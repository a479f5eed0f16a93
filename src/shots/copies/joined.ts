import type { Copy } from './schema.ts';
import type { Ranked } from './worth.ts';

/** Lengths and sizes that differ by less than this part are the same: copies lose a frame, and bars are cut a pixel wider. */
export const about = 0.9;
/** How pictures are held, the best first. */
export const scans: readonly Ranked['scan'][] = ['progressive', 'telecined', 'interlaced'];

/** Part of the shorter of two stretches that may be in both: places are known to a quarter second. */
const shared = 0.25;
/** The most of a shot that two shots of another film make up together; the least is `about`. */
const mostTogether = 1.1;
/** Seconds from the end of one shot to the next where no other lies between. */
const atOnce = 0.25;

/** A shot that shows what another does, and which frames of that one these are. */
interface Part {
  shot: Ranked;
  in: number;
  out: number;
}

/**
 * Shots that are two in another film, where the second begins as the first ends: a boundary was missed in the one, or found wrongly in
 * the other. A clip of it may hold a cut; those of the two hold none either way. Two that show less of the picture do not count.
 */
export function joinedOnes(shots: ReadonlyMap<string, Ranked>, copies: readonly Copy[]): Set<string> {
  const parts = new Map<string, Part[]>();
  const note = (whole: Copy['a'], part: Copy['a']) => {
    const [one, shot] = [shots.get(whole.shot), shots.get(part.shot)];
    if (!one || !shot || isLess(shot, one)) return;
    const found = parts.get(whole.shot) ?? [];
    parts.set(whole.shot, found);
    found.push({ shot, in: whole.in, out: whole.out });
  };
  for (const { a, b, kinds } of copies) {
    if (!kinds.includes('cropped')) note(a, b);
    note(b, a);
  }
  const joined = [...parts].filter(([id, own]) => isJoined(shots.get(id) as Ranked, own));
  return new Set(joined.map(([id]) => id));
}

const isLess = (one: Ranked, other: Ranked): boolean =>
  one.pixels < about * other.pixels || scans.indexOf(one.scan) > scans.indexOf(other.scan);

/** Looks at neighbours of each film alone: an opening has a copy in each of hundreds of episodes. */
function isJoined({ seconds }: Ranked, parts: readonly Part[]): boolean {
  const films = [...Map.groupBy(parts, ({ shot }) => shot.film).values()];
  return films.some((all) => {
    const inOrder = all.toSorted((x, y) => x.shot.in - y.shot.in);
    return inOrder.some((one, k) => {
      const next = inOrder[k + 1];
      return next !== undefined && isAllOf(seconds, one, next) && follows(one, next);
    });
  });
}

function isAllOf(seconds: number, one: Part, next: Part): boolean {
  const sum = one.shot.seconds + next.shot.seconds;
  return sum >= about * seconds && sum <= mostTogether * seconds;
}

/** Whether the second comes at once after the first in their film, and after it in the shot. */
function follows(one: Part, next: Part): boolean {
  const rate = (one.shot.out - one.shot.in) / one.shot.seconds;
  const common = Math.min(one.out, next.out) - next.in;
  const areApart = one.in < next.in && common <= shared * Math.min(one.out - one.in, next.out - next.in);
  return areApart && next.shot.in - one.shot.out <= atOnce * rate;
}
