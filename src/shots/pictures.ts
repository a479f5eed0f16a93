import { mkdir, rm } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import { decodeStills } from '../media/index.ts';
import { barsOfFile, barsOfShot, type Frame, type Lines } from './bars.ts';
import type { FileFacts, Rectangle, Span } from './schema.ts';
import { type SoughtFilm, seekStills } from './seek-stills.ts';
import { createStillKeeper, type KeptStills, nearest, type StillKeeper } from './stills.ts';
import type { Gradients } from './thumbnail.ts';

/** A film's picture, as the catalogue knows it. */
export interface FilmShape extends Frame, SoughtFilm {}

export interface PictureOptions {
  /** Folder for pictures until it is known whose they are. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/** Frames looked at of a shot of which the pass gave too few. */
const looksOfShot = 3;

/**
 * Chooses for each shot the still nearest its middle for a thumbnail, and finds the black bars of the file and of shots that have
 * others. Shots too short to have a still, or to be sure of bars that they seem to have, are read again, sought where that is possible.
 * @throws BacklotError `frames-differ`, what decoding throws
 * @returns the picture between the bars of each shot, its thumbnail's file in the folder, and the gradients of that, for its sharpness inside them
 */
export async function choosePictures(
  path: string,
  shape: FilmShape,
  shots: readonly Span[],
  stills: KeptStills,
  options: PictureOptions,
): Promise<{ facts: FileFacts; pictures: Rectangle[]; files: string[]; gradients: Gradients[] }> {
  const more = await lookAgain(path, shape, unsure(shots, stills, shape), options);
  const [all, lines] = [
    [...stills.pictures, ...more.pictures],
    [...stills.lines, ...more.lines],
  ];
  const chosen = shots.map((shot) => nearest(within(all, shot), middleOf(shot)) ?? noPicture(path, shot));
  const facts = barsOfFile(linesOf(lines), shape);
  const pictures = shots.map(
    (shot) => barsOfShot(linesOf(within(lines, shot)), shape) ?? facts.activePicture,
  );
  const [files, gradients] = [chosen.map(({ file }) => file), chosen.map((one) => one.gradients)];
  return { facts, pictures, files, gradients };
}

/** Shots without a still, and those whose few stills look as if they had bars of their own, which three frames must show. */
function unsure(shots: readonly Span[], stills: KeptStills, shape: FilmShape): Span[] {
  const { activePicture } = barsOfFile(linesOf(stills.lines), shape);
  return shots.filter((shot) => {
    if (within(stills.pictures, shot).length === 0) return true;
    const own = linesOf(within(stills.lines, shot));
    if (own.length >= looksOfShot) return false;
    const bars = barsOfShot(Array(looksOfShot).fill(own).flat(), shape);
    return bars !== null && !isNear(bars, activePicture);
  });
}

/** Lines by which bars of few frames may miss those of the file. */
const missed = 2;
const isNear = (a: Rectangle, b: Rectangle): boolean =>
  [a.x - b.x, a.y - b.y, a.x + a.width - b.x - b.width, a.y + a.height - b.y - b.height].every(
    (by) => Math.abs(by) <= missed,
  );

const linesOf = (some: KeptStills['lines']): Lines[] => some.flatMap((one) => one.lines ?? []);

/** A thumbnail of each of some shots, from few frames that are sought or read anew: its file in the folder. @throws as `choosePictures` */
export async function picturesOf(
  path: string,
  shape: FilmShape,
  shots: readonly Span[],
  options: PictureOptions,
): Promise<string[]> {
  const { pictures } = await lookAgain(path, shape, shots, options);
  return shots.map((shot) => (nearest(within(pictures, shot), middleOf(shot)) ?? noPicture(path, shot)).file);
}

async function lookAgain(
  path: string,
  shape: FilmShape,
  shots: readonly Span[],
  { folder, signal }: PictureOptions,
): Promise<KeptStills> {
  const only = [...new Set(shots.flatMap(looksOf))].sort((a, b) => a - b);
  const kept = async (read: (keeper: StillKeeper) => Promise<unknown>) => {
    const keeper = createStillKeeper(shape, { ...shape, folder });
    for (const shot of shots) keeper.close(shot);
    try {
      const isRead = await read(keeper);
      return [isRead, await keeper.finish()] as const;
    } finally {
      keeper.end();
    }
  };
  const [isFound, found] = await kept(({ options, add }) =>
    seekStills(path, shape, { ...options, only, signal }, add),
  );
  if (isFound) return found;
  const { pulldown, video } = shape;
  const [, all] = await kept(({ options: { width, height }, add }) =>
    decodeStills(path, { width, height, only, pulldown, video, signal }, add),
  );
  return all;
}

/** A folder of its own for what is kept of a film whose shots are looked for: it stays where the work is cancelled or killed. */
export async function withFolder<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  try {
    return await work();
  } finally {
    if (!signal.aborted) await rm(folder, { recursive: true, force: true });
  }
}

function noPicture(where: string, shot: Span): never {
  throw new BacklotError('frames-differ', {
    expected: `a frame of the shot ${shot.in} to ${shot.out}`,
    where,
    found: 'none when the film was read again',
    remedy: 'If it is damaged, copy it anew from a good source; else run it again.',
  });
}

const middleOf = (shot: Span): number => (shot.in + shot.out) >> 1;

const looksOf = (shot: Span): number[] =>
  Array.from(
    { length: looksOfShot },
    (_, i) => shot.in + Math.floor(((shot.out - shot.in) * (i + 0.5)) / looksOfShot),
  );

const within = <T extends { index: number }>(some: readonly T[], shot: Span): T[] =>
  some.filter(({ index }) => index >= shot.in && index < shot.out);
