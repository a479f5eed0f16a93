import { basename } from 'node:path';
import { frameOf } from '../media/index.ts';
import {
  type Clip,
  labelOf,
  lengthOf,
  needTimebase,
  type Placed,
  placedItems,
  type Timeline,
  type Transition,
  tailOf,
} from './timeline.ts';

/** How a mix is written: CMX 3600 knows dissolves and wipes by number; a fade is a dissolve with a note. */
const codes = { dissolve: 'D   ', fade: 'D   ', wipe: 'W001' } as const;

/**
 * Timecode of the first frame on the record side, as a count of frames. Editing programs know no record side over midnight:
 * where the timeline's own timecode would pass it, hour one, at which programmes begin by custom.
 */
export function recordStart(timeline: Timeline): number {
  const { start, fps, dropFrame, items } = timeline;
  const passes = passesMidnight(start ?? 0, lengthOf(items), timeline);
  return passes ? frameOf('01:00:00:00', fps, null, dropFrame) : (start ?? 0);
}

/** Labels begin anew at midnight, also the one of the first frame that is no longer meant. */
const passesMidnight = (from: number, frames: number, timeline: Timeline): boolean =>
  frames > 0 && labelOf(from + frames, timeline) <= labelOf(from, timeline);

/**
 * A timeline as a CMX 3600 edit decision list: one video channel, `FROM FILE` and clip names as comments.
 * A transition is an event of two lines, as the format wants it: the clip before with no length, and the clip after.
 * @throws BacklotError `rate-unfit`
 */
export function edlText(timeline: Timeline): string {
  needTimebase(timeline.fps, 'EDL');
  const { name, dropFrame, items } = timeline;
  const head = [`TITLE: ${oneLine(name)}`, `FCM: ${dropFrame ? 'DROP FRAME' : 'NON-DROP FRAME'}`, ''];
  const reels = reelNames(items.filter((item) => item.kind === 'clip').map(({ path }) => path));
  const placed = { ...timeline, start: recordStart(timeline) };
  const events = eventsOf(timeline).map((event, i) => linesOf(event, i + 1, placed, reels));
  return `${[...head, ...events.flat()].join('\n')}\n`;
}

/** One event: what comes in, and over what. Null is black. */
interface Event {
  clip: Clip | null;
  /** Frames of the clip. */
  frames: number;
  at: number;
  mix: { type: Transition['type']; frames: number; before: Clip | null } | null;
}

function eventsOf({ items }: Timeline): Event[] {
  const placed = placedItems(items);
  const events: Event[] = [];
  // The format has no transition without an event before it.
  if (placed[0]?.kind === 'transition') events.push({ clip: null, frames: 0, at: 0, mix: null });
  const gone = tailOf(items);
  placed.forEach((item, i) => {
    if (item.kind === 'clip')
      events.push({
        ...{ clip: item, at: item.at, mix: mixBefore(placed, i) },
        frames: item.frames - (i === placed.length - 2 ? gone : 0),
      });
  });
  const tail = gone > 0 ? mixBefore(placed, placed.length) : null;
  if (tail) events.push({ clip: null, frames: tail.frames, at: lengthOf(items) - tail.frames, mix: tail });
  return events;
}

function mixBefore(placed: readonly Placed[], i: number): Event['mix'] {
  const item = placed[i - 1];
  if (item?.kind !== 'transition') return null;
  const before = placed[i - 2];
  return { type: item.type, frames: item.frames, before: before?.kind === 'clip' ? before : null };
}

function linesOf(
  event: Event,
  number: number,
  timeline: Timeline,
  reels: ReadonlyMap<string, string>,
): string[] {
  const { clip, frames, at, mix } = event;
  const line = (medium: Clip | null, code: string, from: number, length: number) => {
    const reel = (medium ? (reels.get(medium.path) ?? 'AX') : 'BL').padEnd(8);
    const start = (timeline.start ?? 0) + at;
    const source = [labelOf(from, timeline), outOf(from, length, timeline)];
    const places = [...source, labelOf(start, timeline), labelOf(start + length, timeline)];
    return `${String(number).padStart(3, '0')}  ${reel} V     ${code} ${places.join(' ')}`;
  };
  const first = clip ? clip.mediaStart + clip.from : 0;
  if (!mix) return [line(clip, 'C       ', first, frames), ...notesOf(clip, null, null)];
  const before = mix.before ? mix.before.mediaStart + mix.before.from + mix.before.frames : 0;
  const last = clip ? before : before - mix.frames;
  const code = `${codes[mix.type]} ${String(mix.frames).padStart(3, '0')}`;
  const pair = [line(mix.before, 'C       ', last, 0), line(clip, code, first, frames)];
  return [...pair, ...notesOf(mix.before, clip, mix.type)];
}

/** Where a source passes midnight its out counts on, `24:00:00:04`: readers take the in from it and want the record's length. */
function outOf(from: number, frames: number, timeline: Timeline): string {
  const label = labelOf(from + frames, timeline);
  return passesMidnight(from, frames, timeline)
    ? label.replace(/^\d\d/, (hours) => String(Number(hours) + 24))
    : label;
}

/** Comments: whose name is meant depends on whether there is a transition. */
function notesOf(from: Clip | null, to: Clip | null, mix: Transition['type'] | null): string[] {
  const file = (to ?? from)?.path;
  return [
    ...(from ? [`* FROM CLIP NAME: ${oneLine(from.name)}`] : []),
    ...(to ? [`* TO CLIP NAME: ${oneLine(to.name)}`] : []),
    ...(file === undefined ? [] : [`* FROM FILE: ${oneLine(file)}`]),
    ...(mix === null ? [] : [`* BACKLOT TRANSITION: ${mix}`]),
  ];
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').trim();

/** Names of up to eight letters and digits, one for each medium: all that a tape's label could hold. */
function reelNames(paths: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set(['BL', 'BLACK', 'BARS', 'AX']);
  for (const path of new Set(paths)) {
    const stem =
      basename(path)
        .replace(/\.[^.]*$/, '')
        .normalize('NFD')
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '') || 'REEL';
    const tries = Array.from({ length: paths.length + 5 }, (_, i) =>
      i === 0 ? stem.slice(0, 8) : stem.slice(0, 8 - String(i).length) + i,
    );
    const name = tries.find((one) => !taken.has(one)) ?? 'REEL';
    taken.add(name);
    names.set(path, name);
  }
  return names;
}
