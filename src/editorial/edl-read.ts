import { frameOf, framesOfDay } from '../media/index.ts';
import { emptyTimeline, type Mix, mixes, nameMedium, type ReadTimeline, unreadable } from './timeline.ts';

const label = String.raw`(\d{2}:\d{2}:\d{2}[:;.]\d{2,3})`;
const event = new RegExp(
  String.raw`^(\d+)\s+(\S.*?)\s+([A-Z0-9/]+)\s+(C|D|W\d+|K(?:\s*[BO])?)\s*(\d+)?\s+${label}\s+${label}\s+${label}\s+${label}\s*$`,
);

/** One line of an event. Record places are counts of frames of timecode. */
interface Line {
  number: string;
  code: string;
  length: number;
  from: number;
  to: number;
  /** Frames of 24 hours. */
  day: number;
  notes: Record<string, string>;
}

/**
 * Reads the picture of a CMX 3600 edit decision list. Only the record side counts: what lies where in the cut.
 * @param fps rate of the film that it describes: an EDL does not say its own
 * @throws BacklotError `cut-unreadable`, `bad-timecode`
 */
export function readEdl(text: string, fps: string): ReadTimeline {
  const read = emptyTimeline('', null);
  const lines = linesIn(text, fps, read);
  const start = lines[0]?.from ?? unreadable('EDL', 'events with a picture', 'none');
  read.start = start;
  for (const [i, line] of lines.entries()) addEvent(read, line, start, lines[i - 1]);
  return read;
}

/** What is not read of a list. */
interface Aside {
  silent: number;
  keys: number;
  /** Lines that look like events and are none. */
  odd: string[];
}

function linesIn(text: string, fps: string, read: ReadTimeline): Line[] {
  const lines: Line[] = [];
  const aside: Aside = { silent: 0, keys: 0, odd: [] };
  let drop = false;
  for (const row of text.split(/\r\n|\r|\n/).map((line) => line.trim())) {
    const match = event.exec(row);
    if (/^TITLE:/i.test(row)) read.name = row.slice(6).trim();
    else if (/^FCM:/i.test(row)) drop = !/NON/i.test(row);
    else if (!match) noteOn(lines.at(-1), row, aside);
    else if (isRead(match, aside)) lines.push(lineOf(match, fps, drop));
  }
  tellAside(read, aside);
  return lines;
}

function tellAside(read: ReadTimeline, { silent, keys, odd }: Aside): void {
  if (silent > 0) read.notices.push(`${silent} events without a picture are not read`);
  if (keys > 0) read.covers.push(`${keys} keys, which lie over the picture, are not read`);
  if (odd.length > 0) read.covers.push(notUnderstood(odd));
}

/** A number and a place in time; comments begin with a star, and speeds with M2. */
const seemsEvent = new RegExp(String.raw`^\d+\s.*${label}`);

const notUnderstood = ([first = '', ...more]: readonly string[]): string =>
  `${more.length + 1} lines look like events and are not understood, the first: ${first.replace(/\s+/g, ' ')}`;

/** Counts an event that has no picture, or lays one over another: K and K O do, K B is the one behind. */
function isRead([, , , channel = '', code = '']: RegExpExecArray, aside: Aside): boolean {
  if (!hasPicture(channel)) aside.silent += 1;
  else if (/^K(\s*O)?$/.test(code)) aside.keys += 1;
  else return true;
  return false;
}

/** V, and the letters under which the format names picture and sound together. */
const hasPicture = (channel: string): boolean => /V|^B/i.test(channel);

function lineOf(
  [, number = '', , , code = '', length = '0', , , from = '', to = '']: RegExpExecArray,
  fps: string,
  drop: boolean,
): Line {
  const drops = drop || from.includes(';');
  const [first, last] = [frameOf(from, fps, null, drops), frameOf(to, fps, null, drops)];
  const day = framesOfDay(fps, drops);
  return { number, code, length: Number(length), from: first, to: last, day, notes: {} };
}

const note = /^\*?\s*(FROM CLIP NAME|TO CLIP NAME|FROM FILE|SOURCE FILE|BACKLOT TRANSITION|M2)\b:?\s*(.*)$/;

function noteOn(line: Line | undefined, row: string, { odd }: Aside): void {
  if (seemsEvent.test(row)) odd.push(row);
  const match = note.exec(row);
  if (line && match) line.notes[match[1] as string] = match[2] as string;
}

function addEvent(read: ReadTimeline, line: Line, start: number, before: Line | undefined): void {
  const from = onward(line.from - start, read.frames, line.day);
  const to = onward(line.to - start, from, line.day);
  if (from < read.frames || to < from) {
    unreadable(
      `EDL event ${line.number}`,
      `a record side that begins at frame ${read.frames} of the cut or later`,
      `${from} to ${to}`,
    );
  }
  if (from > read.frames)
    read.notices.push(`a gap of ${from - read.frames} frames before event ${line.number}`);
  const mixed = /^[DW]/.test(line.code) && line.length > 0;
  if (mixed) read.transitions.push({ type: mixOf(line), from, to: from + line.length });
  const names = line.notes;
  const name =
    (mixed && before?.number === line.number ? names['TO CLIP NAME'] : names['FROM CLIP NAME']) ?? '';
  nameMedium(read, names['FROM FILE'] ?? names['SOURCE FILE']);
  // The line before a transition has no length: it says what goes out.
  if (to > from) read.clips.push({ name, from, to });
  read.frames = to;
}

/** A step back of over half a day is midnight; a smaller one is an error of the list. */
const onward = (at: number, before: number, day: number): number => (before - at > day / 2 ? at + day : at);

function mixOf({ code, notes }: Line): Mix {
  const said = mixes.find((mix) => mix === notes['BACKLOT TRANSITION']);
  return said ?? (code.startsWith('W') ? 'wipe' : 'dissolve');
}
