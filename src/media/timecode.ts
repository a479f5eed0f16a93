import Timecode from 'smpte-timecode';
import { BacklotError } from '../contract/index.ts';
import { parseRate, type Rate } from './rate.ts';

const pattern = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)([:;.])(\d{2,3})$/;

/** A start timecode as files carry it: `01:00:00:00`, or `01:00:00;00` where frames are dropped. */
export function readTimecodeTag(text: string | undefined): { text: string; dropFrame: boolean } | null {
  const match = pattern.exec(text?.trim() ?? '');
  return match ? { text: match[0], dropFrame: match[4] !== ':' } : null;
}

/**
 * SMPTE timecode (ST 12-1) of a frame; wraps at 24 hours.
 * @param frame 0-based decoded frame; negative ones lie before the start
 * @param fps rational rate, `24000/1001`; labels count at the nearest whole rate
 * @param startTimecode timecode of frame 0; null counts from zero
 * @throws BacklotError `bad-timecode`, `bad-rate`
 */
export function timecodeOf(
  frame: number,
  fps: string,
  startTimecode: string | null,
  dropFrame: boolean,
): string {
  const rate = parseRate(fps);
  const drop = dropFrame && canDrop(rate);
  const day = framesADay(rate, drop);
  const count = frame + (startTimecode === null ? 0 : countOf(startTimecode, rate, drop));
  return new Timecode(((count % day) + day) % day, labelRate(rate), drop).toString();
}

/**
 * The frame that carries a timecode: the inverse of `timecodeOf` within 24 hours of the start.
 * @throws BacklotError `bad-timecode` also for labels that drop-frame counting skips
 */
export function frameOf(
  timecode: string,
  fps: string,
  startTimecode: string | null,
  dropFrame: boolean,
): number {
  const rate = parseRate(fps);
  const drop = dropFrame && canDrop(rate);
  const start = startTimecode === null ? 0 : countOf(startTimecode, rate, drop);
  const day = framesADay(rate, drop);
  return (countOf(timecode, rate, drop) - start + day) % day;
}

/** Whether a label exists at a rate: `01:00:00:28` does not at 25, nor do labels that drop-frame counting skips. */
export function isTimecode(timecode: string, fps: string, dropFrame: boolean): boolean {
  try {
    frameOf(timecode, fps, null, dropFrame);
    return true;
  } catch {
    return false;
  }
}

/** Frames that timecode counts in 24 hours. @throws BacklotError `bad-rate` */
export function framesOfDay(fps: string, dropFrame: boolean): number {
  const rate = parseRate(fps);
  return framesADay(rate, dropFrame && canDrop(rate));
}

/** Drop-frame counting is defined for 29.97 and 59.94 alone. */
const canDrop = (rate: Rate): boolean => rate.den === 1001 && (rate.num === 30000 || rate.num === 60000);

const nominal = (rate: Rate): number => Math.max(1, Math.round(rate.num / rate.den));

/** The library takes drop-frame rates exactly and everything else at the rate that labels count in. */
const labelRate = (rate: Rate): readonly [number, number] =>
  canDrop(rate) ? [rate.num, rate.den] : [nominal(rate), 1];

/** Two labels (four at 59.94) are dropped each minute but every tenth: 24 x 54 times a day. */
const framesADay = (rate: Rate, drop: boolean): number =>
  86_400 * nominal(rate) - (drop ? 24 * 54 * (nominal(rate) / 15) : 0);

function countOf(timecode: string, rate: Rate, drop: boolean): number {
  const frames = Number(pattern.exec(timecode)?.[5] ?? Number.NaN);
  if (!(frames < nominal(rate))) throw badTimecode(timecode, rate);
  try {
    return new Timecode(timecode, labelRate(rate), drop).frameCount;
  } catch (error) {
    throw badTimecode(timecode, rate, error);
  }
}

function badTimecode(timecode: string, rate: Rate, cause?: unknown): BacklotError {
  const facts = {
    expected: `HH:MM:SS:FF that exists at ${rate.num}/${rate.den} frames a second`,
    where: 'timecode',
    found: JSON.stringify(timecode),
    remedy: 'Check the frame count against the rate, and that drop-frame counting does not skip this label.',
  };
  return new BacklotError('bad-timecode', facts, cause);
}
