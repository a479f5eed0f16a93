import { type FieldLook, type FieldsFirst, rateNumber, tryParseRate } from '../media/index.ts';
import { mayBePulledDown } from './telecine.ts';

/**
 * What the frames of a film must look like for it to be interlaced though its file does not say so: this share of them woven
 * of two moments, this many for each that shows one, and this share of the woven ones with their fields in one order. Fine
 * patterns in small pictures look woven too, but in both orders, or beside more that do not (`docs/LOG.md`, 2026-11-26); those that
 * move in one order for seconds pass here and are told apart by `comb.ts`.
 */
const wovenShare = 0.2;
const forEachWhole = 2;
const inOrder = 0.9;

/** The order of the fields that the frames of a film are woven of; null where they are not. */
export function wovenOrder(fields: readonly FieldLook[], frames: number): FieldsFirst | null {
  const count = (is: (look: FieldLook) => boolean) => fields.filter(is).length;
  const top = count(({ order }) => order === 'top-first');
  const bottom = count(({ order }) => order === 'bottom-first');
  const woven = top + bottom;
  const least = Math.max(1, wovenShare * frames, forEachWhole * count(({ whole }) => whole === true));
  if (woven < least || Math.max(top, bottom) < inOrder * woven) return null;
  return top > bottom ? 'top-first' : 'bottom-first';
}

/** The rate of European video, frames a second, with what declarations are off by. */
const [slowest, fastest] = [24.9, 25.1];

/** Whether film of a rate may be woven of fields: the rates of tapes. */
export function mayBeWoven(fps: string | null): boolean {
  const rate = tryParseRate(fps ?? undefined);
  const isPal = rate !== null && rateNumber(rate) > slowest && rateNumber(rate) < fastest;
  return isPal || mayBePulledDown(fps);
}
