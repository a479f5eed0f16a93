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

/** Finds letterbox and pillarbox bars from frames in stored pixels. */
export interface BarFinder {
  /** `width * height` RGB bytes. @param shot whose frame it is */
  add(rgb: Uint8Array, shot: number): void;
  /** Of the whole file. */
  find(): { activePicture: Rectangle; barFrames: number };
  /** Of one shot, where it has bars of its own and a known shape; else null. */
  findIn(shot: number): Rectangle | null;
}

/** The levels of a lit frame's lines. */
interface Lines {
  rows: Uint8Array;
  columns: Uint8Array;
}

/**
 * A line of pixels belongs to a bar where it stays at the level of the outermost line in all but a few lit frames:
 * a bar is dark and never changes, a night sky does.
 */
export function createBarFinder(width: number, height: number, pixelAspect: number): BarFinder {
  const byShot = new Map<number, Lines[]>();
  const whole = { width, height };
  return {
    add: (rgb, shot) => {
      const luma = lumaBytes(rgb, width * height);
      if (!isLit(luma)) return;
      const rows = lines(luma, height, width, width, 1);
      const own = byShot.get(shot) ?? [];
      byShot.set(shot, own);
      own.push({ rows, columns: lines(luma, width, height, 1, width) });
    },
    find: () => {
      const frames = [...byShot.values()].flat();
      const found = pictureOf(frames, whole);
      return { activePicture: snapped(found, whole, pixelAspect), barFrames: frames.length };
    },
    findIn: (shot) => {
      const own = byShot.get(shot) ?? [];
      const found = pictureOf(own, whole);
      return isPlain(own, found, whole, pixelAspect) ? snapped(found, whole, pixelAspect) : null;
    },
  };
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
function isPlain(
  frames: readonly Lines[],
  { x, y, width, height }: Rectangle,
  whole: { width: number; height: number },
  pixelAspect: number,
): boolean {
  const [right, below] = [whole.width - width - x, whole.height - height - y];
  const isBlack = (levels: Uint8Array, thickness: number) =>
    thickness === 0 || [levels[0], levels.at(-1)].every((level = 0) => level <= blackest);
  return (
    (width < whole.width || height < whole.height) &&
    Math.abs(right - x) <= lopsided &&
    Math.abs(below - y) <= lopsided &&
    frames.every(({ rows, columns }) => isBlack(rows, y) && isBlack(columns, x)) &&
    aspectOf({ x, y, width, height }, pixelAspect) !== null
  );
}

function lumaBytes(rgb: Uint8Array, count: number): Uint8Array {
  const luma = new Uint8Array(count);
  for (let i = 0, at = 0; i < count; i++, at += 3) {
    const [r, g, b] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    luma[i] = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  return luma;
}

function isLit(luma: Uint8Array): boolean {
  let bright = 0;
  for (const value of luma) if (value > lit) bright++;
  return bright > litShare * luma.length;
}

/** The level that all but `specks` of each line stay below. */
function lines(luma: Uint8Array, count: number, length: number, stride: number, step: number): Uint8Array {
  const levels = new Uint8Array(count);
  const allowed = Math.floor(specks * length);
  for (let line = 0; line < count; line++) {
    const histogram = new Uint32Array(256);
    for (let i = 0, at = line * stride; i < length; i++, at += step) {
      const value = luma[at] as number;
      histogram[value] = (histogram[value] as number) + 1;
    }
    let [level, above] = [255, histogram[255] as number];
    while (above <= allowed && level > 0) above += histogram[--level] as number;
    levels[line] = level;
  }
  return levels;
}

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
