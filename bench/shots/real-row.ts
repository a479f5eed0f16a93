import { basename } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { detectFile } from '../../src/shots/index.ts';
import { cpuOf } from './cpu.ts';
import type { RealFilm } from './footage.ts';
import type { Row } from './rows.ts';
import { bareDecode, scdetCuts } from './scdet.ts';
import { round, wilson } from './score.ts';

interface Outcome {
  film: RealFilm;
  frames: number;
  ours: number[];
  peer: number[];
  cpu: { ours: number; peer: number; bare: number };
}

/** Hard cuts that a person confirmed in real films: ours and the peer's, and what both cost over decoding alone. */
export async function realRows(films: readonly RealFilm[], report: Report): Promise<Row[]> {
  const outcomes: Outcome[] = [];
  for (const film of films) outcomes.push(await outcomeOf(film, report));
  const hits = (pick: (o: Outcome) => number[]) => total(outcomes, (o) => met(o.film.cuts, pick(o)));
  const wanted = total(outcomes, ({ film }) => film.cuts.length);
  const whole = outcomes.filter(({ film }) => film.complete);
  const extra = (pick: (o: Outcome) => number[]) =>
    total(whole, (o) => pick(o).length - met(o.film.cuts, pick(o)));
  const trapped = (pick: (o: Outcome) => number[]) => total(whole, (o) => inTraps(o.film, pick(o)));
  const [mine, theirs] = [(o: Outcome) => o.ours, (o: Outcome) => o.peer];
  const all = hits(mine);
  return [
    {
      ...{
        what: 'real films: recall of eye-checked hard cuts within 1 frame',
        value: round(all / wanted),
        unit: '',
      },
      ...{ n: wanted, ...wilson(all, wanted), peer: `scdet ${round(hits(theirs) / wanted)}` },
    },
    {
      ...{
        what: `real films with whole lists (${names(whole)}): cuts not on them`,
        value: extra(mine),
        unit: 'cuts',
      },
      ...{ n: total(whole, ({ frames }) => frames), peer: `scdet ${extra(theirs)}` },
    },
    {
      ...{ what: 'of these, in places that a person marked as no cut', value: trapped(mine), unit: 'cuts' },
      peer: `scdet ${trapped(theirs)}`,
    },
    ...outcomes.map(costRow),
  ];
}

async function outcomeOf(film: RealFilm, report: Report): Promise<Outcome> {
  let found = { frames: 0, ours: [] as number[] };
  let peer: number[] = [];
  const bare = await cpuOf(() => bareDecode(film.path));
  const ours = await cpuOf(async () => {
    const { frames, transitions } = await detectFile(film.path, { report });
    found = { frames, ours: transitions.filter(({ type }) => type === 'cut').map(({ end }) => end) };
  });
  const theirs = await cpuOf(async () => {
    peer = await scdetCuts(film.path);
  });
  return { film, ...found, peer, cpu: { ours, peer: theirs, bare } };
}

function costRow({ film, frames, cpu }: Outcome): Row {
  const what = `CPU over bare decoding, ${basename(film.path)} (${round((1000 * cpu.bare) / frames)} ms a frame)`;
  return {
    what,
    value: round(cpu.ours / cpu.bare),
    unit: 'x',
    n: frames,
    peer: `scdet ${round(cpu.peer / cpu.bare)}`,
  };
}

const names = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ film }) => basename(film.path).split('.')[0]).join(', ');

const total = (outcomes: readonly Outcome[], read: (o: Outcome) => number) =>
  outcomes.reduce((sum, one) => sum + read(one), 0);

const met = (wanted: readonly number[], found: readonly number[]) =>
  wanted.filter((cut) => found.some((one) => Math.abs(one - cut) <= 1)).length;

const inTraps = ({ traps, cuts }: RealFilm, found: readonly number[]) =>
  found.filter((one) => !cuts.includes(one) && traps.some(([from, to]) => one >= from && one <= to + 1))
    .length;
