import { basename } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import type { Transition } from '../../src/shots/index.ts';
import { timed } from './composed-row.ts';
import type { RealFilm } from './footage.ts';
import type { Peers } from './peers.ts';
import type { Row } from './rows.ts';
import { round, wilson } from './score.ts';

type Cuts = Record<'fast' | 'exact' | keyof Peers, number[]>;

/** Hard cuts that a person confirmed in real films: ours, both ways, and the peers'. */
export async function realRows(
  films: readonly RealFilm[],
  peers: ReadonlyMap<string, Peers>,
  report: Report,
): Promise<Row[]> {
  const all: { film: RealFilm; found: Cuts }[] = [];
  for (const film of films)
    all.push({ film, found: await cutsIn(film, peers.get(film.path) as Peers, report) });
  const whole = all.filter(({ film }) => film.complete);
  const wanted = total(all, ({ film }) => film.cuts.length);
  const hits = (name: keyof Cuts) => total(all, ({ film, found }) => met(film.cuts, found[name]));
  const extra = (name: keyof Cuts) =>
    total(whole, ({ film, found }) => found[name].length - met(film.cuts, found[name]));
  const trapped = (name: keyof Cuts) => total(whole, ({ film, found }) => inTraps(film, found[name]));
  const names = whole.map(({ film }) => basename(film.path).split('.')[0]).join(', ');
  const peer = (read: (name: keyof Cuts) => unknown) =>
    `TransNetV2 ${read('transnetv2')}, PySceneDetect ${read('pyscenedetect')}`;
  return (['fast', 'exact'] as const).flatMap((name): Row[] => [
    {
      what: `real films, ${name}: recall of eye-checked hard cuts`,
      value: round(hits(name) / wanted),
      unit: '',
      n: wanted,
      ...wilson(hits(name), wanted),
      peer: peer((one) => round(hits(one) / wanted)),
    },
    {
      what: `${names}, ${name}: cuts not on the whole lists`,
      value: extra(name),
      unit: 'cuts',
      peer: peer(extra),
    },
    {
      what: `of these, ${name}: where a person marked no cut`,
      value: trapped(name),
      unit: 'cuts',
      peer: peer(trapped),
    },
  ]);
}

async function cutsIn(film: RealFilm, peers: Peers, report: Report): Promise<Cuts> {
  const [fast, exact] = [await timed(film.path, 'fast', report), await timed(film.path, 'exact', report)];
  const { pyscenedetect, transnetv2 } = peers;
  const cuts = (list: readonly Transition[]) =>
    list.filter(({ type }) => type === 'cut').map(({ end }) => end);
  // What a peer calls a cut inside a stretch that is known to be gradual is not held against it.
  const outside = (ends: number[]) =>
    ends.filter((k) => !film.mixed.some(([from, to]) => k >= from && k <= to));
  return {
    fast: outside(cuts(fast.transitions)),
    exact: outside(cuts(exact.transitions)),
    pyscenedetect: outside(cuts(pyscenedetect.transitions)),
    transnetv2: outside(cuts(transnetv2.transitions)),
  };
}

const total = <T>(all: readonly T[], read: (one: T) => number) =>
  all.reduce((sum, one) => sum + read(one), 0);

const met = (wanted: readonly number[], found: readonly number[]) =>
  wanted.filter((cut) => found.some((one) => Math.abs(one - cut) <= 1)).length;

const inTraps = ({ traps, cuts }: RealFilm, found: readonly number[]) =>
  found.filter((one) => !cuts.includes(one) && traps.some(([from, to]) => one >= from && one <= to + 1))
    .length;
