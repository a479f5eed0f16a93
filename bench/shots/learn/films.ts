import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decodeFrames } from '../../../src/media/index.ts';
import { readTruth, renderStudio } from '../../../src/sample/index.ts';
import { createHistory, type History, seenBytes, seenHeight, seenWidth } from '../../../src/shots/history.ts';
import { composedFilms, type KnownFilm, type Stock } from '../composed-films.ts';

/** A film to learn from, with the frames that the detector sees. */
export interface SeenFilm extends Pick<KnownFilm, 'name' | 'frames' | 'transitions'> {
  history: History;
}

/** Frames a second of composed films. */
export const second = 24;
const transitions = 16;

/** The films of some seeds, one after another: composed where the folder does not hold them yet. */
export async function* seenFilms(stocks: readonly Stock[], seeds: readonly number[], dir: string) {
  await mkdir(dir, { recursive: true });
  for (const seed of seeds) {
    if (!existsSync(listOf(dir, seed))) await compose(stocks, seed, dir);
    const films = JSON.parse(await readFile(listOf(dir, seed), 'utf8')) as KnownFilm[];
    for (const film of films) yield seenFilm(film, await readFile(framesOf(dir, seed, film.name)));
  }
}

const listOf = (dir: string, seed: number) => join(dir, `${seed}.json`);
const framesOf = (dir: string, seed: number, name: string) => join(dir, `s${seed}-${name}.rgb`);

/** The drawn films of some sample studios, all of one name: people and places of flat colour. */
export async function* drawnFilms(studios: readonly (readonly [number, 'tiny' | 'demo'])[], dir: string) {
  for (const [seed, size] of studios) {
    const studio = await renderStudio({ dir: join(dir, `studio-${seed}`), seed, size, onProgress: () => {} });
    for (const { file, truth } of studio.titles) {
      const { transitions } = await readTruth(truth);
      yield seenFilm({ name: 'drawn', transitions }, await framesIn(file));
    }
  }
}

async function compose(stocks: readonly Stock[], seed: number, dir: string): Promise<void> {
  const films = await composedFilms(stocks, { dir, seed, count: transitions, report: () => {} });
  for (const { name, path } of films) {
    await writeFile(framesOf(dir, seed, name), await framesIn(path));
    await rm(path);
  }
  const known = films.map((film) => ({ ...film, path: basename(film.path) }));
  await writeFile(listOf(dir, seed), JSON.stringify(known));
}

async function framesIn(path: string): Promise<Buffer> {
  const frames: Uint8Array[] = [];
  const size = { width: seenWidth, height: seenHeight, pixelFormat: 'rgb24' } as const;
  await decodeFrames(path, size, (_, pixels) => void frames.push(pixels));
  return Buffer.concat(frames);
}

/** The whole film is held: these are short. */
function seenFilm({ name, transitions }: Pick<KnownFilm, 'name' | 'transitions'>, bytes: Buffer): SeenFilm {
  const history = createHistory(3 * second + 2);
  for (let at = 0; at < bytes.length; at += seenBytes) history.add(bytes.subarray(at, at + seenBytes));
  return { name, transitions, frames: history.end, history };
}
