import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { addFiles, listFiles } from '../../src/catalog/index.ts';
import type { Report } from '../../src/contract/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { renderStudio } from '../../src/sample/index.ts';
import { finder } from '../../src/shots/copies/copies.ts';
import { hashesOf } from '../../src/shots/copies/hash.ts';
import { printsOf } from '../../src/shots/copies/store.ts';
import { type View, views } from '../../src/shots/copies/views.ts';
import { copiesOf, detectShots, listShots, type Shot } from '../../src/shots/index.ts';
import { testContext } from '../../test/support/context.ts';
import { realFilms } from '../shots/footage.ts';
import type { Row } from '../shots/rows.ts';
import { wilson } from '../shots/score.ts';
import { kinds, type MadeCopy, makeCopy, type Source, sourceOf } from './copies.ts';
import { costRows } from './cost.ts';
import { type Judged, judge, shownBy } from './judge.ts';
import { askPeer } from './peer.ts';

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
    const { own, peer, cpu } = await judged(context, films, dir);
    return [...rowsFor(where, own, peer), ...peerRows(where, peer, cpu)];
  } finally {
    await close();
  }
}

/** What is found among films and copies of them, and what the peer finds among the same shots. */
async function judged(context: Context, films: readonly Source[], dir: string) {
  const copies = await withCopies(context, films, dir);
  const [shots, files] = [await listShots(context.db), await listFiles(context.db)];
  const shown = shownBy(shots, files, copies, await flatShots(context));
  const byId = new Map(shots.map((shot) => [shot.id, shot]));
  const peer = await askPeer(files, shots, dir);
  const own = judge(await copiesOf(context), shown, byId);
  tellWrong(own.wrong, byId);
  return {
    own,
    peer: peer && judge(peer.copies, shown, byId),
    cpu: peer?.cpu ?? null,
  };
}

/** For whoever looks into a run: what was found wrongly goes to the log of it. */
function tellWrong(wrong: Judged['wrong'], shots: ReadonlyMap<string, Shot>): void {
  for (const { a, b, kinds: how, similarity } of wrong) {
    const [one, other] = [a, b].map(
      ({ shot }) => `${shots.get(shot)?.fileId} ${shots.get(shot)?.inTimecode}`,
    );
    process.stderr.write(`wrong: ${one} and ${other}, ${how.join(' ')} ${similarity}\n`);
  }
}

/** Shots without a picture that could be told apart. */
async function flatShots({ db }: Context): Promise<Set<string>> {
  const flat = new Set<string>();
  for await (const { shot, grids } of (await printsOf(db, finder)).all()) {
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

function peerRows(where: string, peer: Judged | null, cpu: number | null): Row[] {
  if (!peer || cpu === null)
    return [{ what: `${where}: ${peerName} is absent, not run`, value: null, unit: '' }];
  const what = `${where}: processor time of ${peerName}, decoding and comparing`;
  return [{ what, value: Math.round(cpu * 10) / 10, unit: 's' }];
}

const peerName = 'vPDQ (pdqhash 0.2.8)';

/** All recalls of a kind together: what is wanted of the whole. */
const allKinds = (byKind: Judged['byKind']) =>
  [...byKind.values()].reduce(
    (sum, { wanted, hits }) => ({ wanted: sum.wanted + wanted, hits: sum.hits + hits }),
    { wanted: 0, hits: 0 },
  );

export function rowsFor(where: string, own: Judged, peer: Judged | null): Row[] {
  const { flat, found, right, wrong, placed } = own;
  const beside = (value: (peer: Judged) => number) => (peer ? { peer: `${peerName} ${value(peer)}` } : {});
  const every = (judged: Judged) =>
    new Map([...judged.byKind, ['all kinds' as const, allKinds(judged.byKind)]]);

  const recall = [...every(own)].map(([kind, { wanted, hits }]) => ({
    what: `${where}: recall of shots shared for a second and more, ${kind}`,
    value: share(hits, wanted),
    unit: '',
    n: wanted,
    ...wilson(hits, wanted),
    ...beside((other) => share(every(other).get(kind)?.hits ?? 0, wanted)),
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
      ...beside((other) => share(other.right.length, other.found)),
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
