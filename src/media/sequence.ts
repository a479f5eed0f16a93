import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileUrl } from './run.ts';

/**
 * A film kept as numbered pictures. Its path is a pattern: `plate.%04d.exr` has numbers of at least four digits, `a%d.png` has no
 * leading zeros. A file of that very name counts as a file.
 */
export interface Sequence {
  pattern: string;
  /** Rising; they may have gaps. */
  numbers: number[];
  /** The picture of each number. */
  files: string[];
}

/** A name may have a line's end in it. */
const pictureName = /^(.*?)(\d+)(\.(?:png|dpx|exr))$/is;
const patternName = /^(.*)%(?:0(\d+))?d(\.(?:png|dpx|exr))$/is;

export const isPattern = (path: string): boolean => patternName.test(basename(path));

/** Fewer numbered pictures are stills: half a second at the slowest rate that clips have. */
const fewestPictures = 8;

/** The names that make a sequence, by its pattern. */
export function patternsOf(names: readonly string[]): Map<string, string[]> {
  const groups = Map.groupBy(
    names.filter((name) => pictureName.test(name)),
    (name) => name.replace(pictureName, '$1\0$3'),
  );
  const patterns = [...groups.values()].map((names) => {
    const pattern = patternOf(names);
    return [pattern, names.filter((name) => numbered(name, partsOf(pattern)).length > 0)] as const;
  });
  return new Map(patterns.filter(([, own]) => own.length >= fewestPictures));
}

/** Numbers are as wide as the shortest, which pads the others, unless none begins with a zero and widths differ. */
function patternOf(names: readonly string[]): string {
  const digits = names.map((name) => pictureName.exec(name)?.[2] ?? '');
  const width = Math.min(...digits.map((text) => text.length));
  const isPadded =
    digits.every((text) => text.length === width) || digits.some((text) => text.startsWith('0'));
  return (names[0] as string).replace(pictureName, (_, start, __, end) =>
    isPadded ? `${start}%0${width}d${end}` : `${start}%d${end}`,
  );
}

/** The sequence that a path names, as its folder holds it now; null where the path is a file, or names no picture. */
export async function sequenceAt(path: string): Promise<Sequence | null> {
  if (!isPattern(path) || (await isFile(path))) return null;
  const folder = dirname(resolve(path));
  const found = (await readdir(folder)).flatMap((name) => numbered(name, partsOf(path)));
  const sorted = found.toSorted((a, b) => a.number - b.number);
  if (sorted.length === 0) return null;
  const files = sorted.map(({ name }) => join(folder, name));
  return { pattern: resolve(path), numbers: sorted.map(({ number }) => number), files };
}

function partsOf(path: string) {
  const [, start = '', width = '1', end = ''] = patternName.exec(basename(path)) ?? [];
  return { start, end, width: Number(width) };
}

function numbered(name: string, { start, end, width }: ReturnType<typeof partsOf>) {
  if (!name.startsWith(start) || !name.endsWith(end)) return [];
  const digits = name.slice(start.length, name.length - end.length);
  const isOne = /^\d+$/.test(digits) && String(Number(digits)).padStart(width, '0') === digits;
  return isOne ? [{ name, number: Number(digits) }] : [];
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );

/** What a sequence is called: its pictures' name without the number, or its folder's. */
export const sequenceName = (path: string): string =>
  partsOf(path).start.replace(/[._ -]+$/, '') || basename(dirname(resolve(path)));

/** What says that no picture of a sequence changed, came or went. @param hashes sha256 of each picture, in order */
export const sequenceHash = (hashes: readonly string[]): string =>
  createHash('sha256')
    .update(hashes.map((one, i) => `${i} ${one}\n`).join(''))
    .digest('hex');

/** sha256 of a film's bytes, or of the hashes of a sequence's pictures. */
export async function filmHash(path: string, signal?: AbortSignal): Promise<string> {
  const sequence = await sequenceAt(path);
  if (!sequence) return bytesHash(path, signal);
  const hashes: string[] = [];
  for (const file of sequence.files) hashes.push(await bytesHash(file, signal));
  return sequenceHash(hashes);
}

async function bytesHash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Numbers that are missing between the first and the last, as stretches `[from, to]`. */
export function gapsOf(numbers: readonly number[]): [number, number][] {
  return numbers.flatMap((number, i) => {
    const before = numbers[i - 1];
    return before === undefined || before + 1 === number
      ? []
      : [[before + 1, number - 1] as [number, number]];
  });
}

/**
 * How ffmpeg opens a film: a file, or a sequence as one picture a second, so that its timestamps count pictures. The
 * light of EXR is linear: BT.709's curve makes it a picture, and what is brighter than white is cut off.
 */
export async function inputArguments(path: string): Promise<string[]> {
  const sequence = await sequenceAt(path);
  if (!sequence) return ['-i', fileUrl(resolve(path))];
  const curve = /\.exr$/i.test(path) ? ['-apply_trc', 'bt709'] : [];
  const start = ['-f', 'image2', '-framerate', '1', '-start_number', String(sequence.numbers[0])];
  return [...curve, ...start, '-i', fileUrl(escaped(sequence.pattern))];
}

/** ffmpeg takes the frames that decode for a failure where over two thirds do not; they are frames all the same. */
export const keepDamaged = ['-max_error_rate', '1'] as const;

/** A percent sign elsewhere in the path stands for itself. */
function escaped(pattern: string): string {
  const name = basename(pattern);
  const at = name.lastIndexOf('%');
  const start = join(dirname(pattern), name.slice(0, at)).replaceAll('%', '%%');
  const slash = at === 0 ? '/' : '';
  return `${start}${slash}${name.slice(at)}`;
}
