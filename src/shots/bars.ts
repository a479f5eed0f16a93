import { aspectOf, snapped } from './aspect.ts';
import type { Rectangle } from './schema.ts';

/** Brightest level that a bar may have, and how far its pixels may lie above its own level: noise and ringing. */
const darkest = 40;
const noise = 20;
/** Share of a line's pixels that may be brighter: specks, ringing beside the picture. */
const specks = 0.01;
/** A frame is lit where this share of it is brighter than `lit`; others cannot tell a bar from night. */
const litShare = 0.05;
const lit = 56;
/** Lit frames needed before any bar is believed, and the share of them that may show something in a bar (subtitles). */
const enoughFrames = 3;
const exceptions = 0.05;
/** A bar's last line may take colour from the picture (4:2:0): it has less than this share of the next line's level. */
const bledShare = 0.4;
/** The largest part of a side that bars may take. */
const largestPart = 0.45;

/** What bars of a single shot must be, as three frames could well be dark at an edge: blacker, and as wide on both sides. */
const blackest = 24;
const lopsided = 2;

/** The levels of a lit frame's lines, rows and columns: those that all but `specks` of each line stay below. */
export interface Lines {
  rows: Uint8Array;
  columns: Uint8Array;
}

/** Bytes of luma as it is coded, black 16 and white 235, some of them for each line of a picture. */
interface Samples {
  rows: Uint8Array;
  columns: Uint8Array;
}

/** Width and height of the decoded picture, and the width of its pixels to their height. */
export interface Frame {
  width: number;
  height: number;
  pixelAspect: number;
}

/**
 * What a frame says of bars: letterbox or pillarbox. A line of pixels belongs to a bar where it stays at the level of the
 * outermost line in all but a few lit frames: a bar is dark and never changes, a night sky does.
 * @param samples `rows` holds pixels of each row, row by row; `columns` rows of pixels of each column
 * @returns null where it is too dark to tell
 */
export function linesIn({ rows, columns }: Samples, { width, height }: Frame): Lines | null {
  if (!isLit(rows)) return null;
  const [across, down] = [rows.length / height, columns.length / width];
  const histogram = new Uint32Array(256);
  return {
    rows: levelsOf(height, (line) => levelOf(histogram, rows, line * across, across, 1)),
    columns: levelsOf(width, (line) => levelOf(histogram, columns, line, down, width)),
  };
}

/** Of the whole file. @param lines of its frames that are not too dark */
export function barsOfFile(
  lines: readonly Lines[],
  frame: Frame,
): { activePicture: Rectangle; barFrames: number } {
  const found = pictureOf(lines, frame);
  return { activePicture: snapped(found, frame, frame.pixelAspect), barFrames: lines.length };
}

/** Of one shot, where it has bars of its own and a known shape; else null. */
export function barsOfShot(lines: readonly Lines[], frame: Frame): Rectangle | null {
  const found = pictureOf(lines, frame);
  return isPlain(lines, found, frame) ? snapped(found, frame, frame.pixelAspect) : null;
}

function pictureOf(
  frames: readonly Lines[],
  { width, height }: { width: number; height: number },
): Rectangle {
  const [top, bottom] = barsOf(
    frames.map(({ rows }) => rows),
    height,
  );
  const [left, right] = barsOf(
    frames.map(({ columns }) => columns),
    width,
  );
  return { x: left, y: top, width: width - left - right, height: height - top - bottom };
}

/** Whether bars found in one shot alone are plainly bars, and no dark edge. */
function isPlain(frames: readonly Lines[], { x, y, width, height }: Rectangle, whole: Frame): boolean {
  const [right, below] = [whole.width - width - x, whole.height - height - y];
  const isBlack = (levels: Uint8Array, thickness: number) =>
    thickness === 0 || [levels[0], levels.at(-1)].every((level = 0) => level <= blackest);
  return (
    (width < whole.width || height < whole.height) &&
    Math.abs(right - x) <= lopsided &&
    Math.abs(below - y) <= lopsided &&
    frames.every(({ rows, columns }) => isBlack(rows, y) && isBlack(columns, x)) &&
    aspectOf({ x, y, width, height }, whole.pixelAspect) !== null
  );
}

/** Of samples, one of so many tells whether a frame is lit. */
const litStep = 7;

function isLit(luma: Uint8Array): boolean {
  let bright = 0;
  for (let i = 0; i < luma.length; i += litStep) if (levelOfCode(luma[i] as number) > lit) bright++;
  return bright * litStep > litShare * luma.length;
}

/** Lines looked at beyond the last that may belong to a bar: the next ones tell how far its colour bled. */
const beyond = 8;
const unlooked = 255;

/** Levels of lines from both ends inwards, up to some beyond the last that a bar may have; all others count as bright. */
function levelsOf(count: number, levelAt: (line: number) => number): Uint8Array {
  const levels = new Uint8Array(count).fill(unlooked);
  const walk = (line: number, way: 1 | -1) => {
    for (let bright = 0; bright < beyond && line >= 0 && line < count; line += way) {
      levels[line] = levelAt(line);
      bright = (levels[line] as number) > darkest + noise ? bright + 1 : 0;
    }
  };
  walk(0, 1);
  walk(count - 1, -1);
  return levels;
}

/** The level that all but `specks` of a line stay below. @param histogram is written over */
function levelOf(
  histogram: Uint32Array,
  luma: Uint8Array,
  from: number,
  length: number,
  step: number,
): number {
  histogram.fill(0);
  for (let i = 0, at = from; i < length; i++, at += step) {
    const value = luma[at] as number;
    histogram[value] = (histogram[value] as number) + 1;
  }
  const allowed = Math.floor(specks * length);
  let [level, above] = [255, histogram[255] as number];
  while (above <= allowed && level > 0) above += histogram[--level] as number;
  return levelOfCode(level);
}

/** Grey levels in 0..255 of luma as it is coded. */
const codes = Uint8ClampedArray.from({ length: 256 }, (_, code) => ((code - 16) * 255) / 219);
const levelOfCode = (code: number): number => codes[code] as number;

/** Thickness of the bars at both ends. */
function barsOf(frames: readonly Uint8Array[], count: number): [number, number] {
  if (frames.length < enoughFrames) return [0, 0];
  return [barFrom(frames, count, 0, 1), barFrom(frames, count, count - 1, -1)];
}

function barFrom(frames: readonly Uint8Array[], count: number, outer: number, way: 1 | -1): number {
  const base = usual(frames, outer);
  if (base > darkest) return 0;
  const isBar = (line: number) =>
    frames.filter((levels) => (levels[line] as number) > base + noise).length <= exceptions * frames.length;
  let thickness = 0;
  while (thickness < largestPart * count && isBar(outer + way * thickness)) thickness++;
  if (thickness === 0 || thickness >= largestPart * count) return 0;
  const edge = outer + way * thickness;
  return usual(frames, edge) < bledShare * usual(frames, edge + way) ? thickness + 1 : thickness;
}

/** Median level of a line. */
function usual(frames: readonly Uint8Array[], line: number): number {
  const sorted = frames.map((levels) => levels[line] as number).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
