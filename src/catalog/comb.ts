import { decodeFrames, type FieldLook, type FieldsFirst } from '../media/index.ts';

/** Columns at which frames are compared; their lines are kept, as every second one is of the other field. */
const columns = 64;
/** Pixels and lines of the blocks in which they are: what stands still beside what moves says nothing. */
const [across, down] = [8, 16];
/** Grey levels by which a block must differ more from the frame before or after it than its lines from each other. */
const moving = 2;

/**
 * What tells a woven frame from one whose lines are as unlike by its picture: between the lines of a frame of one moment no
 * time passes, and as much to the frame before as to the one after. 0 is such a frame, 1 one whose fields lie half a
 * frame apart. Medians of 15 woven films were .59 to 1.0, of whole ones, test pictures among them, at most .33 (`docs/LOG.md`, 2026-11-26).
 */
const surely = 0.45;

/**
 * Looks once more at a film whose frames look woven, at those of them that do, in the places that move.
 * @param first the order in which their fields look woven
 * @param height lines of a picture
 */
export async function showsTwoMoments(
  path: string,
  { first, height, fields }: { first: FieldsFirst; height: number; fields: readonly FieldLook[] },
  options: { signal: AbortSignal; onFrame: (done: number) => void },
): Promise<boolean> {
  const combs: number[] = [];
  let last: Buffer[] = [];
  const look = { width: columns, height, pixelFormat: 'gray' as const, signal: options.signal };
  await decodeFrames(path, look, (index, gray) => {
    last = [...last.slice(-2), gray];
    const [before, now, after] = last;
    const isWoven = fields[index - 1]?.woven ?? false;
    const comb = before && now && after && isWoven ? combOf([before, now, after], first) : null;
    if (comb !== null) combs.push(comb);
    options.onFrame(index + 1);
  });
  const median = combs.toSorted((a, b) => a - b)[combs.length >> 1];
  return median !== undefined && median >= surely;
}

/**
 * How far apart in time the fields of a frame lie, as its neighbours show it.
 * @param frames gray, `columns` wide: the frame before, itself, and the one after
 * @returns about 0 (one moment) to 1 (half a frame); null where nothing moves
 */
export function combOf(frames: readonly [Buffer, Buffer, Buffer], first: FieldsFirst): number | null {
  const sums = linesApart(frames, first === 'top-first' ? 0 : 1);
  const least = moving * 2 * across * down;
  let [far, near, own] = [0, 0, 0];
  for (let at = 0; at < sums.length; at += 3) {
    const [f, n, o] = sums.subarray(at, at + 3) as unknown as [number, number, number];
    if (Math.max(f, n) - o > least) [far, near, own] = [far + f, near + n, own + o];
  }
  const whole = Math.abs(far - own) + Math.abs(near - own);
  return whole === 0 ? null : (far - near) / whole;
}

/**
 * By block, how far the lines around each line are from it: as it is in the frame where its field is three fields away, where it
 * is one away, and in their own.
 */
function linesApart([before, now, after]: readonly [Buffer, Buffer, Buffer], early: 0 | 1): Float64Array {
  const lines = now.length / columns;
  const blocks = columns / across;
  const sums = new Float64Array(3 * blocks * Math.ceil(lines / down));
  for (let i = columns; i < now.length - columns; i++) {
    const line = Math.floor(i / columns);
    const around = (now[i - columns] as number) + (now[i + columns] as number);
    const [far, near] = line % 2 === early ? [before, after] : [after, before];
    const at = 3 * (Math.floor(line / down) * blocks + Math.floor((i % columns) / across));
    sums[at] = (sums[at] as number) + Math.abs(around - 2 * (far[i] as number));
    sums[at + 1] = (sums[at + 1] as number) + Math.abs(around - 2 * (near[i] as number));
    sums[at + 2] = (sums[at + 2] as number) + Math.abs(around - 2 * (now[i] as number));
  }
  return sums;
}
