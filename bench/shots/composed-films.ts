import { basename, join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { decodeFrames, encodeVideo } from '../../src/media/index.ts';
import { rngOf } from '../../src/sample/random.ts';
import type { Transition } from '../../src/shots/index.ts';
import { type Composed, composeFilm, type Source } from './compose.ts';
import { filmHeight, filmWidth, sourceHeight, sourceWidth } from './looks.ts';

/** A film to make others from: its cuts, and the stretches that belong to no shot. */
export interface Stock {
  path: string;
  cuts: readonly number[];
  mixed: readonly (readonly [number, number])[];
}

/** A film on disk whose transitions are known to the frame. */
export interface KnownFilm extends Pick<Composed, 'bursts' | 'looks'> {
  name: string;
  path: string;
  frames: number;
  transitions: Transition[];
}

/** A shot shorter than this holds no long transition. */
const shortestShot = 50;
/** x264's quality of the composed films: as a good distribution copy. */
const crf = 20;

/** Composes one film from each stock alone, so that what holds on one was not learned from its own pictures. */
export async function composedFilms(
  stocks: readonly Stock[],
  { dir, seed, count, report }: { dir: string; seed: number; count: number; report: Report },
): Promise<KnownFilm[]> {
  const films: KnownFilm[] = [];
  for (const [i, stock] of stocks.entries()) {
    const pool = await sourcesOf(stock);
    const name = basename(stock.path).split('.')[0] ?? '';
    if (pool.length >= 2) films.push(await written(name, composeFilm(rngOf(seed, name), pool, count), dir));
    report({ phase: 'compose', done: i + 1, total: stocks.length, unit: 'films' });
  }
  return films;
}

async function written(name: string, composed: Composed, dir: string): Promise<KnownFilm> {
  const path = join(dir, `${name}.mp4`);
  const size = { width: filmWidth, height: filmHeight, fps: '24/1', crf };
  await encodeVideo({ ...size, path, frames: drawn(composed) });
  const { frames, ...known } = composed;
  return { ...known, name, path, frames: frames.length };
}

function* drawn({ frames }: Composed) {
  for (const frame of frames) yield frame();
}

async function sourcesOf(stock: Stock): Promise<Source[]> {
  const shots: Uint8Array[][] = [[]];
  const size = { width: sourceWidth, height: sourceHeight, pixelFormat: 'rgb24' } as const;
  await decodeFrames(stock.path, size, (k, pixels) => {
    const isMixed = stock.mixed.some(([from, to]) => k >= from && k <= to);
    if (isMixed || stock.cuts.includes(k)) shots.push([]);
    if (!isMixed) shots.at(-1)?.push(pixels);
  });
  return shots.filter(({ length }) => length >= shortestShot);
}
