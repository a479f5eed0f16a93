import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeFrames } from '../../../src/media/index.ts';
import { readTruth, renderStudio } from '../../../src/sample/index.ts';
import { createHistory, type History, seenBytes, seenHeight, seenWidth } from '../../../src/shots/history.ts';
import { composedFilms, type KnownFilm, type Stock } from '../composed-films.ts';

/** A film to learn from, with the frames that the detector sees. */
export interface SeenFilm extends Pick<KnownFilm, 'name' | 'frames' | 'transitions' | 'bursts'> {
  history: History;
}

/** Frames a second of composed films. */
export const second = 24;
const transitions = 16;

/** The films of some seeds, one after another: composed where the folder does not hold them yet. */
export async function* seenFilms(stocks: readonly Stock[], seeds: readonly number[], dir: string) {
  for (const seed of seeds) yield* heldFilms(dir, `${seed}`, () => composed(stocks, seed, dir));
}

/** The drawn films of some sample studios, all of one name: people and places of flat colour. */
export async function* drawnFilms(studios: readonly (readonly [number, 'tiny' | 'demo'])[], dir: string) {
  for (const [seed, size] of studios) yield* heldFilms(dir, `studio-${seed}`, () => drawn(seed, size, dir));
}

/** A film on disk, with what it is called when questions are asked. */
type Made = Omit<SeenFilm, 'history' | 'frames'> & { path: string };

/** Keeps the small frames of films in a folder, and their list once all are there: making them takes most of the time. */
async function* heldFilms(dir: string, set: string, make: () => Promise<Made[]>) {
  await mkdir(dir, { recursive: true });
  const list = join(dir, `${set}.json`);
  const framesOf = (i: number) => join(dir, `${set}-${i}.rgb`);
  if (!existsSync(list)) {
    const films = await make();
    for (const [i, { path }] of films.entries())
      await writeFile(framesOf(i), Buffer.concat(await framesIn(path)));
    await writeFile(list, JSON.stringify(films.map(({ path, ...known }) => known)));
  }
  const films = JSON.parse(await readFile(list, 'utf8')) as Omit<Made, 'path'>[];
  for (const [i, film] of films.entries()) yield seenFilm(film, await readFile(framesOf(i)));
}

const composed = (stocks: readonly Stock[], seed: number, dir: string): Promise<Made[]> =>
  composedFilms(stocks, { dir, seed, count: transitions, report: () => {} });

async function drawn(seed: number, size: 'tiny' | 'demo', dir: string): Promise<Made[]> {
  const studio = await renderStudio({ dir: join(dir, `studio-${seed}`), seed, size, onProgress: () => {} });
  return Promise.all(
    studio.titles.map(async ({ file, truth }) => {
      const { transitions } = await readTruth(truth);
      return { name: 'drawn', transitions, bursts: [], path: file };
    }),
  );
}

/** A film as the detector sees it. */
export async function framesIn(path: string): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  const size = { width: seenWidth, height: seenHeight, pixelFormat: 'rgb24', rough: true } as const;
  await decodeFrames(path, size, (_, pixels) => void frames.push(pixels));
  return frames;
}

/** The whole film is held: these are short. */
function seenFilm({ name, transitions, bursts }: Omit<Made, 'path'>, bytes: Buffer): SeenFilm {
  const history = createHistory(3 * second + 2);
  for (let at = 0; at < bytes.length; at += seenBytes) history.add(bytes.subarray(at, at + seenBytes));
  return { name, transitions, bursts, frames: history.end, history };
}
