import { basename } from 'node:path';
import { formatRate, isTimecode, parseRate, rateNumber, timecodeOf } from '../media/index.ts';
import type { PictureHead } from './picture-head.ts';
import { rateOfSpeed } from './rate.ts';

/** What a picture's header says of time. */
export type TimeHead = PictureHead['time'];

/** What the headers of a sequence say of time, once all of them were read. */
export interface SequenceTime {
  startTimecode: string | null;
  dropFrame: boolean;
  unreadTimecode: string | null;
  /** Where headers say other than each other or than the rate that was given, in words. */
  contradicts: string[];
}

/** The rate that every header gives, rational; null where none does, or they disagree. */
export function rateInHeads(heads: readonly TimeHead[]): string | null {
  const [first] = heads;
  const isOne = first?.speed != null && heads.every(({ speed }) => speed === first.speed);
  return isOne ? formatRate(rateOfSpeed(first.speed as number)) : null;
}

/**
 * The start timecode where the headers count from it, picture by picture, at the film's rate. Zeros throughout are what
 * programs write that know no timecode.
 * @param files the pictures, in the order of `heads`
 */
export function timeInHeads(
  heads: readonly TimeHead[],
  files: readonly string[],
  { fps, isGiven }: { fps: string; isGiven: boolean },
): SequenceTime {
  const none = { startTimecode: null, dropFrame: false, unreadTimecode: null };
  const contradicts = speedsApart(heads, files, isGiven ? fps : null);
  const start = heads[0]?.timecode ?? null;
  if (heads.every(({ timecode }) => timecode === null || isZero(timecode))) return { ...none, contradicts };
  const dropFrame = start?.includes(';') ?? false;
  if (start !== null && !isTimecode(start, fps, dropFrame))
    return { ...none, unreadTimecode: start, contradicts };
  const due = (frame: number) => (start === null ? null : timecodeOf(frame, fps, start, dropFrame));
  const at = heads.findIndex(({ timecode }, frame) => timecode !== due(frame));
  if (at < 0) return { startTimecode: start, dropFrame, unreadTimecode: null, contradicts };
  const found = heads[at]?.timecode ?? 'no timecode';
  const wanted = due(at) ?? 'none, as in the first';
  return {
    ...none,
    contradicts: [...contradicts, `${nameOf(files, at)} has ${found} where ${wanted} is due at ${fps}`],
  };
}

const isZero = (timecode: string): boolean => /^[0:;]+$/.test(timecode);

/** The first picture whose rate is another than that which was given, or than that of the first picture. */
function speedsApart(heads: readonly TimeHead[], files: readonly string[], given: string | null): string[] {
  const wanted = given ?? heads[0]?.speed ?? null;
  const said = heads.findIndex(({ speed }) =>
    given === null ? speed !== wanted : speed !== null && formatRate(rateOfSpeed(speed)) !== given,
  );
  if (said < 0) return [];
  const speed = heads[said]?.speed ?? null;
  const found = speed === null ? 'no rate' : `${Number(speed.toFixed(3))} frames a second`;
  const other = given === null ? (wanted ?? 'none') : Number(rateNumber(parseRate(given)).toFixed(3));
  return [
    `${nameOf(files, said)} says ${found}, ${given === null ? 'the first picture' : 'it was added at'} ${other}`,
  ];
}

const nameOf = (files: readonly string[], at: number): string => basename(files[at] ?? '');
