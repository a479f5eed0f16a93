import { BacklotError } from '../contract/index.ts';
import { parseRate, type Rate, timecodeOf } from '../media/index.ts';

/** A stretch of one medium. Frames are whole; `from` counts from the medium's first frame. */
export interface Clip {
  kind: 'clip';
  name: string;
  /** Absolute path of the medium. */
  path: string;
  /** Rational rate of the medium. */
  fps: string;
  /** Timecode of the medium's first frame, as a count of frames. */
  mediaStart: number;
  mediaFrames: number;
  from: number;
  frames: number;
  /** What only OpenTimelineIO carries, under `backlot`. */
  metadata: Record<string, unknown>;
}

export const mixes = ['dissolve', 'fade', 'wipe'] as const;
export type Mix = (typeof mixes)[number];

/** What editing programs call transitions in which the picture turns place by place: wipes, and what counts as one. */
const turning = /wipe|iris|slide|push|peel|swap|spin|squeeze|stretch|barn|blinds|split|3d/i;

/** What a transition is by the words that programs have for it. */
export function mixNamed(words: string): Mix {
  if (turning.test(words)) return 'wipe';
  return /fade|dip/i.test(words) ? 'fade' : 'dissolve';
}

/**
 * How the clip after it comes in: its first `frames` frames show both, or the picture and nothing. As the last item: how
 * the clip before it goes out, over its last frames.
 */
export interface Transition {
  kind: 'transition';
  type: Mix;
  frames: number;
}

export type Item = Clip | Transition;

/** Clips end to end, with transitions between them or at the ends. */
export interface Timeline {
  name: string;
  fps: string;
  dropFrame: boolean;
  /** Timecode of the first frame, as a count of frames; null where it has none. */
  start: number | null;
  items: readonly Item[];
}

/** A timeline as it was read: places count frames from its first, `to` is the first no longer meant. */
export interface ReadTimeline {
  name: string;
  /** Timecode of the first frame as a count of frames; null where the file says none. */
  start: number | null;
  frames: number;
  clips: { name: string; from: number; to: number }[];
  transitions: { type: Mix; from: number; to: number }[];
  /** Names of the media's files that it says it is cut from, without folders; empty where it says none. */
  media: string[];
  /** What is not read and may lie over the pictures that are, in words. */
  covers: string[];
  /** What was there and is not read, in words. */
  notices: string[];
}

export const emptyTimeline = (name: string, start: number | null): ReadTimeline => ({
  ...{ name, start, frames: 0, clips: [], transitions: [] },
  ...{ media: [], covers: [], notices: [] },
});

/** The name of a medium's file, from a path or an address. */
export function nameMedium(read: ReadTimeline, written: string | undefined): void {
  const name = written?.split(/[\\/]/).at(-1)?.trim();
  if (name && !read.media.includes(name)) read.media.push(name);
}

/** A path out of an address; what is none stays as it is. */
export function decoded(address: string | undefined): string | undefined {
  try {
    return address && decodeURIComponent(address);
  } catch {
    return address;
  }
}

export const coveredBy = (tracks: number): string[] =>
  tracks > 0 ? [`${tracks} more video tracks are not read`] : [];

/** An item and where it begins on the record side, in frames from the timeline's first. */
export type Placed = Item & { at: number };

/** Items with their places; a transition lies at the head of what follows it, the last one at the end. */
export function placedItems(items: readonly Item[]): Placed[] {
  let at = 0;
  return items.map((item, i) => {
    const isTail = item.kind === 'transition' && i > 0 && i === items.length - 1;
    const placed = { ...item, at: isTail ? at - item.frames : at };
    if (item.kind === 'clip') at += item.frames;
    return placed;
  });
}

export const lengthOf = (items: readonly Item[]): number =>
  items.reduce((sum, item) => sum + (item.kind === 'clip' ? item.frames : 0), 0);

/** Frames at the end of the last clip over which it goes out; 0 where it ends with a cut. */
export function tailOf(items: readonly Item[]): number {
  const last = items.at(-1);
  return last?.kind === 'transition' && items.length > 1 ? last.frames : 0;
}

/** The shots of a cut: its clips without the frames that transitions mix. A clip of which nothing is left is none. */
export function shotsOf({
  clips,
  transitions,
}: Pick<ReadTimeline, 'clips' | 'transitions'>): ReadTimeline['clips'] {
  return clips.flatMap(({ name, from, to }) => {
    const mixed = transitions.filter((mix) => mix.to > from && mix.from < to);
    const heads = mixed.filter((mix) => mix.from <= from).map((mix) => mix.to);
    const tails = mixed.filter((mix) => mix.from > from).map((mix) => mix.from);
    const shot = { name, from: Math.max(from, ...heads), to: Math.min(to, ...tails) };
    return shot.from < shot.to ? [shot] : [];
  });
}

/** Rates that timecode can count: whole ones, and 1000/1001 of a whole one. */
export function ntscOf(fps: string): { timebase: number; ntsc: boolean } | null {
  const { num, den }: Rate = parseRate(fps);
  if (den === 1) return { timebase: num, ntsc: false };
  return den === 1001 && num % 1000 === 0 ? { timebase: num / 1000, ntsc: true } : null;
}

/** @throws BacklotError `rate-unfit` */
export function needTimebase(fps: string, format: string): { timebase: number; ntsc: boolean } {
  const base = ntscOf(fps);
  if (base) return base;
  throw new BacklotError('rate-unfit', {
    expected: 'a whole number of frames a second, or 1000/1001 of one',
    where: format,
    found: fps,
    remedy: 'Write OpenTimelineIO (.otio), which takes any rate.',
  });
}

/** Timecode of a count of frames. */
export const labelOf = (count: number, { fps, dropFrame }: Pick<Timeline, 'fps' | 'dropFrame'>): string =>
  timecodeOf(count, fps, null, dropFrame);

/** @throws BacklotError `cut-unreadable` */
export function unreadable(where: string, expected: string, found: string): never {
  throw new BacklotError('cut-unreadable', {
    expected,
    where,
    found,
    remedy: 'Export the cut again as one sequence: OTIO, CMX 3600 EDL or Final Cut Pro 7 XML.',
  });
}
