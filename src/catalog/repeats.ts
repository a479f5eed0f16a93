import { decodeFrames, type FieldsFirst } from '../media/index.ts';

/** Columns at which frames are compared; their lines are kept, as every second one is of the other field. */
const columns = 64;
/** Pixels and lines of the blocks in which they are: small things that move count. */
const [across, down] = [8, 16];

/** One frame of five repeats, at a place of the cycle that changes where the video was edited. */
const cycle = 5;
/** The state in which nothing repeats: video that was edited in. */
const none = cycle;
const states = cycle + 1;
/** Frames from the one that repeats the first field to the one that repeats the second. */
const between = 2;

/** What another place in the cycle must win over the one before. */
const changing = 6;
/** What a frame says for or against its field being repeated, at most. */
const surest = 2;
/** Share of a frame's change that lies in a field, at which that field is as likely repeated as not; and how fast that turns. */
const [even, slope] = [0.36, 14];
/** What a frame of video without repeats loses: film goes on being film where nothing can be told. */
const unlikely = -0.3;
/** Grey levels of change under which a scene stands still, so that nothing can be told. */
const still = 0.5;

/** Grey levels by which the two fields of a frame differ from those of the frame before, where most changes. */
export interface FieldChange {
  top: number;
  bottom: number;
}

/**
 * Frames of hard telecined film that show the same film frame as the one before, once the pulldown is undone: one of five.
 * @param height lines of a picture
 * @returns 0-based indexes, rising
 */
export async function repeatsIn(
  path: string,
  { first, height }: { first: FieldsFirst; height: number },
  options: { signal: AbortSignal; onFrame: (done: number) => void },
): Promise<number[]> {
  const changes: FieldChange[] = [];
  let before: Buffer | null = null;
  const look = { width: columns, height, pixelFormat: 'gray' as const, signal: options.signal };
  await decodeFrames(path, look, (index, gray) => {
    changes.push(before ? changeOf(before, gray) : { top: 0, bottom: 0 });
    before = gray;
    options.onFrame(index + 1);
  });
  return repeatsOf(changes, first);
}

function changeOf(a: Buffer, b: Buffer): FieldChange {
  const blocks = columns / across;
  const sums = new Float64Array(2 * blocks * Math.ceil(a.length / (columns * down)));
  for (let i = 0; i < a.length; i++) {
    const line = Math.floor(i / columns);
    const at = Math.floor(line / down) * blocks + Math.floor((i % columns) / across);
    const field = 2 * at + (line % 2);
    sums[field] = (sums[field] as number) + Math.abs((a[i] as number) - (b[i] as number));
  }
  let most = 0;
  for (let at = 2; at < sums.length; at += 2) if (total(sums, at) > total(sums, most)) most = at;
  const pixels = (across * down) / 2;
  return { top: (sums[most] as number) / pixels, bottom: (sums[most + 1] as number) / pixels };
}

const total = (sums: Float64Array, at: number): number => (sums[at] as number) + (sums[at + 1] as number);

/** Finds the repeats in the changes of the fields: the likeliest sequence of places in the cycle (Viterbi's algorithm). */
export function repeatsOf(changes: readonly FieldChange[], first: FieldsFirst): number[] {
  const [early, late] = first === 'top-first' ? (['top', 'bottom'] as const) : (['bottom', 'top'] as const);
  const gains = changes.map((change, i) => said(change, early) + said(changes[i + between], late));
  const places = likeliest(gains);
  return [...places].flatMap((place, i) => (i > 0 && i % cycle === place ? [i] : []));
}

/** How much a frame's change says for its field being repeated. */
function said(change: FieldChange | undefined, field: 'top' | 'bottom'): number {
  if (!change || change.top + change.bottom < still) return 0;
  const share = change[field] / (change.top + change.bottom);
  return Math.max(-surest, Math.min(surest, (even - share) * slope));
}

/** For each frame, the place in the cycle of the repeats around it, or `none`. */
function likeliest(gains: readonly number[]): Uint8Array {
  const from = new Uint8Array(gains.length * states);
  let score = new Float64Array(states);
  for (const [i, gain] of gains.entries()) {
    const best = score.indexOf(Math.max(...score));
    const moved = (score[best] as number) - changing;
    score = score.map((value, state) => {
      from[i * states + state] = value >= moved ? state : best;
      return Math.max(value, moved) + (state === none ? unlikely : i % cycle === state ? gain : 0);
    });
  }
  const places = new Uint8Array(gains.length);
  let state = score.indexOf(Math.max(...score));
  for (let i = gains.length - 1; i >= 0; i--) {
    places[i] = state;
    state = from[i * states + state] as number;
  }
  return places;
}
