import { type FieldLook, type FieldsFirst, rateNumber, tryParseRate } from '../media/index.ts';

/**
 * 3:2 pulldown shows four film frames as five frames of video: the first for two fields, the next for three, and so on. So
 * of every five frames one repeats the first field of the frame before it, and one two frames later its second field.
 */
const cycle = 5;
const between = 2;

/** Frames looked at together: an edit of the video changes the place in the cycle. */
const block = 60;
/** Repeated fields that a block must show to tell anything, and the share of them that must lie in their places. */
const fewestRepeats = 4;
const inPlace = 0.75;
/** Share of a block's frames that must be woven of two moments: two of five are. */
const wovenShare = 0.2;
/** Share of the blocks that tell something; with fewer, the film is video that shows some film. */
const mostOfIt = 0.5;

/** Hard 3:2 pulldown that was found in the fields of a film. */
export interface Cadence {
  first: FieldsFirst;
  /** Blocks that follow the cadence, as a share of those that can tell. */
  share: number;
}

/** Finds 3:2 pulldown in what the fields of all frames look like; null where most of the film does not follow it. */
export function cadenceOf(fields: readonly FieldLook[]): Cadence | null {
  const found = { 'top-first': 0, 'bottom-first': 0 };
  let telling = 0;
  for (let at = 0; at < fields.length; at += block) {
    const some = fields.slice(at, at + block);
    const repeats = some.filter(({ repeated }) => repeated !== null).length;
    if (repeats < fewestRepeats) continue;
    telling++;
    const first = orderIn(some, repeats);
    if (first) found[first]++;
  }
  const first = found['top-first'] >= found['bottom-first'] ? 'top-first' : 'bottom-first';
  const share = telling === 0 ? 0 : found[first] / telling;
  return share > mostOfIt ? { first, share: Math.round(share * 1000) / 1000 } : null;
}

/** The order of fields that a block's repeats fit, if any. */
function orderIn(some: readonly FieldLook[], repeats: number): FieldsFirst | null {
  const woven = some.filter((look) => look.woven).length;
  if (woven < wovenShare * some.length) return null;
  const fits = (early: 'top' | 'bottom', late: 'top' | 'bottom') =>
    Array.from({ length: cycle }, (_, phase) => {
      const first = countAt(some, early, phase);
      const second = countAt(some, late, phase + between);
      return first > 0 && second > 0 && first + second >= inPlace * repeats;
    }).some(Boolean);
  if (fits('top', 'bottom')) return 'top-first';
  return fits('bottom', 'top') ? 'bottom-first' : null;
}

const countAt = (some: readonly FieldLook[], field: 'top' | 'bottom', phase: number): number =>
  some.filter(({ repeated }, i) => repeated === field && i % cycle === phase % cycle).length;

/** Rates of video, frames a second, that film is brought to by 3:2 pulldown, with what declarations are off by. */
const [slowest, fastest] = [29.9, 30.1];

/** Whether film of a rate may be shown by 3:2 pulldown; films of other rates are not looked at for it. */
export function mayBePulledDown(fps: string | null): boolean {
  const rate = tryParseRate(fps ?? undefined);
  return rate !== null && rateNumber(rate) > slowest && rateNumber(rate) < fastest;
}
