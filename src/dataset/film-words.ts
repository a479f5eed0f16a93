import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';
import { textIn } from '../editorial/index.ts';
import { frameOf, frameShownAt, parseRate, rateNumber, type ShownTimes, shownFrame } from '../media/index.ts';
import type { FileWords, FrameNote } from './captions.ts';
import { subtitlesOf, type Track } from './film-subtitles.ts';
import { parseShotList, type ShotFields } from './shot-list.ts';
import { cuesOf } from './subtitles.ts';

/** How a film counts time: what a sidecar's timecodes are read against. */
export interface FilmClock {
  fps: string;
  frames: number;
  startTimecode: string | null;
  dropFrame: boolean;
  /** Where its frames are of different length: labels are times then. */
  times?: ShownTimes | undefined;
}

export interface Sidecar {
  kind: string;
  path: string;
}

/** Something about a sidecar that a person should know; no film is refused for it. */
export interface Notice {
  code:
    | 'sidecar-unreadable'
    | 'sidecar-rows-unread'
    | 'sidecar-covers-nothing'
    | 'sidecar-letters-guessed'
    | 'sidecar-left-aside'
    | 'sidecar-by-timecode'
    | 'track-left-aside'
    | 'track-is-pictures'
    | 'track-unread';
  message: string;
}

const mark = z.union([z.int().min(0), z.string()]);
const noteSchema = z.object({ in: mark, out: mark, text: z.string(), scene: z.string().default('') });
const sidecarSchema = z.object({ shots: z.array(noteSchema) });
type WrittenNote = z.infer<typeof noteSchema> & { fields?: ShotFields };

const nothingWritten = { person: [], model: [] };

/** The subtitle tracks inside a film: how many there are, and what reads them. */
export interface Inside {
  count: number;
  read: (notices: Notice[]) => Promise<Track[]>;
}

/**
 * Reads a film's sidecars: `.csv` shot lists, `.json` `{shots:[{in,out,text,scene?}]}`, and subtitles (`cuesOf`). Times are
 * whole frame numbers or timecodes against the film's start timecode; out is exclusive.
 * @param written what people and models wrote of its shots
 * @param inside read where no sidecar has the film's subtitles
 */
export async function wordsOf(
  clock: FilmClock,
  sidecars: readonly Sidecar[],
  written: Pick<FileWords, 'person' | 'model'> = nothingWritten,
  inside: Inside = { count: 0, read: async () => [] },
): Promise<{ words: FileWords; notices: Notice[] }> {
  const read: Read = { shotList: [], sidecar: [], tracks: [] };
  const notices: Notice[] = [];
  const sorted = [...sidecars].sort((a, b) => (baseName(a.path) < baseName(b.path) ? -1 : 1));
  for (const sidecar of sorted.filter(({ kind }) => spoken.includes(kind))) {
    try {
      await readInto(read, sidecar, { clock, notices });
    } catch (error) {
      notices.push({ code: 'sidecar-unreadable', message: `${baseName(sidecar.path)}: ${reasonOf(error)}` });
    }
  }
  const { tracks, ...notes } = read;
  const beside = subtitlesOf(clock, tracks, notices);
  if (beside.length > 0 && inside.count > 0) notices.push(leftAside(inside.count));
  const subtitles = beside.length > 0 ? beside : subtitlesOf(clock, await inside.read(notices), notices);
  return { words: { ...written, ...notes, subtitles }, notices };
}

/** The system's own words name the folder, which the record must not. */
function reasonOf(error: unknown): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof z.ZodError) return wordsOfBadInput(error);
  if (syscall === undefined) return messageOf(error);
  const where = code === 'ENOENT' ? 'not there' : 'cannot be read';
  return `${where} (${code}): put it back, or add its folder to the catalogue again`;
}

const leftAside = (count: number): Notice => ({
  code: 'track-left-aside',
  message: `${count} subtitle ${count === 1 ? 'track' : 'tracks'} inside the film: left aside, a file beside it has its subtitles`,
});

interface Read {
  shotList: FrameNote[];
  sidecar: FrameNote[];
  tracks: Track[];
}

async function readInto(
  read: Read,
  { kind, path }: Sidecar,
  { clock, notices }: { clock: FilmClock; notices: Notice[] },
): Promise<void> {
  const bytes = await readFile(path);
  if (kind === 'stl') {
    const { parseEbuStl } = await import('./ebu-stl.ts');
    read.tracks.push({ name: baseName(path), cues: parseEbuStl(bytes) });
    return;
  }
  const text = textOf(path, bytes, notices);
  const cues = await cuesOf(kind, text);
  if (cues) read.tracks.push({ name: baseName(path), cues });
  if (kind === 'csv') read.shotList.push(...notesOf(rowsOf(text), clock, path, notices));
  if (kind === 'json') read.sidecar.push(...notesOf(jsonOf(text), clock, path, notices));
}

/** Kinds of sidecar that hold words of the film. */
const spoken: readonly string[] = ['srt', 'vtt', 'ass', 'ssa', 'ttml', 'dfxp', 'scc', 'stl', 'csv', 'json'];

function textOf(path: string, bytes: Buffer, notices: Notice[]): string {
  const { text, guessed } = textIn(bytes);
  if (guessed) {
    const message = `${baseName(path)}: not UTF-8, so its letters were read as Windows-1252`;
    notices.push({ code: 'sidecar-letters-guessed', message });
  }
  return text;
}

function rowsOf(text: string): WrittenNote[] {
  const rows = parseShotList(text);
  if (rows) return rows;
  throw new BacklotError('no-shot-list', {
    expected: 'columns for a shot\'s in and out ("timecode in", "timecode out")',
    where: 'first line',
    found: JSON.stringify(text.slice(0, 80).split('\n')[0]),
    remedy: 'Name the columns so, or take the file away from the film.',
  });
}

const jsonOf = (text: string): WrittenNote[] => sidecarSchema.parse(JSON.parse(text)).shots;

function notesOf(rows: WrittenNote[], clock: FilmClock, path: string, notices: Notice[]): FrameNote[] {
  const read = rows.map((row) => noteOf(row, clock));
  const notes = read.filter((note) => note !== null);
  const inside = notes.filter((note) => note.in < clock.frames && note.out > 0);
  const unread = rows.length - notes.length;
  if (unread > 0) {
    const message = `${baseName(path)}: ${unread} of ${rows.length} rows have no in and out that can be read`;
    notices.push({ code: 'sidecar-rows-unread', message });
  }
  if (notes.length > 0 && inside.length === 0) {
    const message = `${baseName(path)}: no row lies within the film (start timecode ${clock.startTimecode ?? 'none'})`;
    notices.push({ code: 'sidecar-covers-nothing', message });
  }
  return inside;
}

function noteOf(row: WrittenNote, clock: FilmClock): FrameNote | null {
  const out = frameAt(row.out, clock);
  const start = frameAt(row.in, clock);
  if (start === null || out === null) return null;
  // Timecode wraps at 24 hours, so a row that begins before the film reads as one near the day's end.
  const from = start >= out && out <= clock.frames ? 0 : start;
  const { text, scene, fields } = row;
  return from < out ? { in: from, out, text, scene, fields } : null;
}

/** `00:00:04.020` and `00:00:04,020` are milliseconds: no film has a thousand frames a second. */
const milliseconds = /^(\d+):(\d{2}):(\d{2}[.,]\d{3})$/;

/** A film without a start timecode says nothing of its counting; a list does, by its semicolons. */
function frameAt(written: string | number, clock: FilmClock): number | null {
  const text = String(written);
  if (/^\d+$/.test(text)) return Number(text);
  const [, hours, minutes, seconds] = milliseconds.exec(text) ?? [];
  if (seconds) {
    const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
    return clock.times
      ? frameShownAt(clock.times, time)
      : Math.round(time * rateNumber(parseRate(clock.fps)));
  }
  const dropFrame = clock.dropFrame || (clock.startTimecode === null && text.includes(';'));
  try {
    if (clock.times) return shownFrame(clock.times, text, clock.fps, clock.startTimecode);
    return frameOf(text, clock.fps, clock.startTimecode, dropFrame);
  } catch {
    return null;
  }
}

/** Notices are part of the record, which names no folder of this machine. */
const baseName = (path: string) => path.split(/[/\\]/).at(-1) ?? path;
