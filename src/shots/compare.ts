import { parse } from 'node:path';
import type { CatalogFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { type ReadTimeline, shotsOf } from '../editorial/index.ts';
import { frameOf, framesOfDay, timecodeOf } from '../media/index.ts';
import type { Comparison } from './exchange-schema.ts';
import type { Shot, Span } from './schema.ts';

/** A cut laid on the film: its places are decoded frames. */
export interface PlacedCut extends Pick<Comparison, 'name' | 'placedBy' | 'notices'> {
  /** With the frames that transitions mix. */
  clips: (Span & { name: string })[];
  shots: (Span & { name: string })[];
  transitions: Comparison['transitions'];
}

/**
 * Lays a cut on a film: by timecode where the cut then lies within the film, else its first frame on the film's first.
 * @throws BacklotError `cut-unfit` where it is longer than the film
 */
export function placedOn(read: ReadTimeline, file: CatalogFile, where: string): PlacedCut {
  if (read.frames > file.frames) throw unfit(read, file, where);
  const byTimecode = offsetOf(read, file);
  const offset = byTimecode ?? 0;
  const spanOf = ({ name, from, to }: ReadTimeline['clips'][number]) => ({
    name,
    in: from + offset,
    out: to + offset,
  });
  const { transitions } = read;
  const showsSomething = (clip: ReadTimeline['clips'][number]) =>
    shotsOf({ clips: [clip], transitions }).length > 0;
  const rest = file.frames - read.frames;
  return {
    name: read.name,
    placedBy: byTimecode === null ? 'first-frame' : 'timecode',
    clips: read.clips.filter(showsSomething).map(spanOf),
    shots: shotsOf(read).map(spanOf),
    transitions: read.transitions.map(({ type, from, to }) => ({
      type,
      start: from + offset,
      end: to + offset - 1,
    })),
    notices: [
      ...read.covers,
      ...read.notices,
      ...(rest > 0 ? [`${rest} of the film's ${file.frames} frames are not in the cut`] : []),
    ],
  };
}

/**
 * Why a cut may not be of this film, or not of all that is seen in it.
 * @param others names of the catalogue's other films
 */
export function doubtsOf(
  { start, media, covers }: ReadTimeline,
  cut: PlacedCut,
  { facts, path }: CatalogFile,
  others: readonly string[],
): string[] {
  const isElsewhere = cut.placedBy === 'first-frame' && start !== null && facts.startTimecode !== null;
  const known = new Set(others.map(stemOf));
  const own = new Set([path, ...(facts.names ?? [])].map(stemOf));
  const isOwn = media.some((name) => own.has(stemOf(name)));
  const foreign = isOwn ? [] : media.filter((name) => known.has(stemOf(name)));
  return [
    ...covers,
    ...(isElsewhere
      ? [`its timecode does not lie within the film, which begins at ${facts.startTimecode}`]
      : []),
    ...(foreign.length > 0 ? [`it is cut from ${foreign.join(', ')}, another film of the catalogue`] : []),
  ];
}

/** Editors work with copies in another format: the ending does not count. */
const stemOf = (path: string): string => parse(path).name.toLowerCase();

/** Frames from the film's first to the cut's, as both timecodes say; null where that is not inside the film. */
function offsetOf({ start, frames }: ReadTimeline, file: CatalogFile): number | null {
  const { startTimecode, dropFrame } = file.facts;
  if (start === null || startTimecode === null) return null;
  const day = framesOfDay(file.fps, dropFrame);
  // A cut may begin after the midnight that the film passes.
  const offset = (start - frameOf(startTimecode, file.fps, null, dropFrame) + day) % day;
  return offset + frames <= file.frames ? offset : null;
}

/** Which shots of the cut were found to the frame, and which are in one of both alone. */
export function compared(cut: PlacedCut, found: readonly Shot[], file: CatalogFile) {
  const keyOf = (span: Span) => `${span.in}-${span.out}`;
  const inCut = new Set(cut.shots.map(keyOf));
  const inFilm = new Set(found.map(keyOf));
  const place = placeIn(file);
  const shots = cut.shots.map(place);
  return {
    ...{ name: cut.name, placedBy: cut.placedBy, shots, transitions: cut.transitions, notices: cut.notices },
    same: cut.shots.filter((span) => inFilm.has(keyOf(span))).length,
    onlyInCut: shots.filter((span) => !inFilm.has(keyOf(span))),
    onlyFound: found.filter((span) => !inCut.has(keyOf(span))).map((shot) => place({ ...shot, name: '' })),
  };
}

const placeIn =
  ({ fps, facts: { startTimecode, dropFrame } }: CatalogFile) =>
  ({ name, in: from, out: to }: Span & { name: string }) => ({
    ...{ name, in: from, out: to },
    inTimecode: timecodeOf(from, fps, startTimecode, dropFrame),
    outTimecode: timecodeOf(to, fps, startTimecode, dropFrame),
  });

/** The cut as the catalogue reads shot lists; a clip's name is its description. */
export function shotListOf({ clips }: PlacedCut, file: CatalogFile): string {
  const place = placeIn(file);
  const rows = clips.map(place).map((row) => [row.inTimecode, row.outTimecode, quoted(row.name)].join(','));
  return `${['timecode in,timecode out,description', ...rows].join('\n')}\n`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const unfit = (read: ReadTimeline, file: CatalogFile, where: string) =>
  new BacklotError('cut-unfit', {
    expected: `a cut of at most the ${file.frames} frames of ${file.path}`,
    where,
    found: `${read.frames} frames`,
    remedy: 'Name the film file that was cut, or export this reel alone.',
  });
