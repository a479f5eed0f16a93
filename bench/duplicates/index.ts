import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { addFiles, listFiles } from '../../src/catalog/index.ts';
import type { Report } from '../../src/contract/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { renderStudio } from '../../src/sample/index.ts';
import { hashesOf } from '../../src/shots/copies/hash.ts';
import { printsOf } from '../../src/shots/copies/store.ts';
import { type View, views } from '../../src/shots/copies/views.ts';
import { copiesOf, detectShots, listShots } from '../../src/shots/index.ts';
import { testContext } from '../../test/support/context.ts';
import { realFilms } from '../shots/footage.ts';
import type { Row } from '../shots/rows.ts';
import { wilson } from '../shots/score.ts';
import { kinds, type MadeCopy, makeCopy, type Source, sourceOf } from './copies.ts';
import { costRows } from './cost.ts';
import { type Judged, judge, shownBy } from './judge.ts';

const seed = 11;

/** Are copies of shots found, and nothing else? Each film lies in one catalogue with six copies of it, altered. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = Date.now();
  const dir = await mkdtemp(join(tmpdir(), 'bench-duplicates-'));
  try {
    const drawn = await studioFilms(join(dir, 'studio'), report);
    const real = await Promise.all(realFilms().map(({ path }, i) => sourceOf(`real-${i}`, path)));
    const rows: Row[] = [
      machine(),
      ...(await rowsOf('sample studio', quick ? drawn.slice(0, 1) : drawn, join(dir, 'drawn'), report)),
      ...(real.length === 0
        ? [absent]
        : await rowsOf('real films', quick ? small(real) : real, join(dir, 'real'), report)),
      ...(await costRows(real[0]?.path ?? null, quick, report)),
    ];
    return { bench: 'duplicates', seed, rows, seconds: (Date.now() - started) / 1000 };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function studioFilms(dir: string, report: Report): Promise<Source[]> {
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    report({ phase: 'render', done, total, unit: 'frames' });
  const studio = await renderStudio({ dir, seed, size: 'tiny', onProgress });
  return Promise.all(studio.titles.map(({ file }, i) => sourceOf(`drawn-${i}`, file)));
}

/** The one that is the quickest to decode: a trailer full of fades. */
const small = (films: readonly Source[]): Source[] => films.filter(({ path }) => /sintel/.test(path));

/** Puts films and their copies into one workspace and judges what is found. */
async function rowsOf(where: string, films: readonly Source[], dir: string, report: Report): Promise<Row[]> {
  const { context, close } = await testContext({ report });
  try {
    return rowsFor(where, await judged(context, films, dir));
  } finally {
    await close();
  }
}

/** What is found among films and copies of them. */
async function judged(context: Context, films: readonly Source[], dir: string): Promise<Judged> {
  const copies = await withCopies(context, films, dir);
  const shots = await listShots(context.db);
  const shown = shownBy(shots, await listFiles(context.db), copies, await flatShots(context));
  return judge(await copiesOf(context), shown, new Map(shots.map((shot) => [shot.id, shot])));
}

/** Shots without a picture that could be told apart. */
async function flatShots({ db }: Context): Promise<Set<string>> {
  const flat = new Set<string>();
  for await (const { shot, grids } of (await printsOf(db)).all()) {
    if (hashesOf(grids, views[0] as View).flat.every((one) => one === 1)) flat.add(shot);
  }
  return flat;
}

/** Makes the copies and finds the shots of all films. */
async function withCopies(context: Context, films: readonly Source[], dir: string): Promise<MadeCopy[]> {
  await mkdir(dir, { recursive: true });
  await addFiles(context, { paths: films.map(({ path }) => path) });
  const frames = new Map((await listFiles(context.db)).map((file) => [file.path, file.frames]));
  const copies: MadeCopy[] = [];
  for (const kind of kinds) {
    for (const film of films) copies.push(await makeCopy(film, kind, frames.get(film.path) ?? 0, dir));
  }
  await addFiles(context, { paths: copies.map(({ path }) => path) });
  await detectShots(context, 'fast');
  return copies;
}

export function rowsFor(where: string, { byKind, flat, found, right, wrong, placed }: Judged): Row[] {
  const recall = [...byKind].map(([kind, { wanted, hits }]) => ({
    what: `${where}: recall of shots shared for a second and more, ${kind}`,
    value: share(hits, wanted),
    unit: '',
    n: wanted,
    ...wilson(hits, wanted),
  }));
  return [
    ...recall,
    { what: `${where}: shots flat from end to end, not compared and not counted`, value: flat, unit: '' },
    {
      what: `${where}: precision of all pairs, copies of copies too (${wrong.length} wrong)`,
      value: share(right.length, found),
      unit: '',
      n: found,
      ...wilson(right.length, found),
    },
    {
      what: `${where}: right pairs laid on each other within half a second`,
      value: share(placed, right.length),
      unit: '',
      n: right.length,
    },
  ];
}

const share = (part: number, whole: number): number => Math.round((1000 * part) / Math.max(1, whole)) / 1000;

const machine = (): Row => ({
  what: `machine: ${availableParallelism()} cores`,
  value: cpus()[0]?.model ?? 'unknown',
  unit: '',
});

const absent: Row = { what: 'real films: ../shared/footage is absent, not measured', value: null, unit: '' };
