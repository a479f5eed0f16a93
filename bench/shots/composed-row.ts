import type { Report } from '../../src/contract/index.ts';
import { type DetectorName, detectFile } from '../../src/shots/index.ts';
import type { KnownFilm } from './composed-films.ts';
import { cpuOf } from './cpu.ts';
import { errorsOf, f1Of, type Judgement, judge, precisionOf, recallOf, together } from './judge.ts';
import type { Finding, Peers } from './peers.ts';
import type { Row } from './rows.ts';
import { median, round } from './score.ts';

type Judged = Judgement & { cpu: number };
/** One film, by detector. */
interface Outcome extends Ours {
  pyscenedetect: Judged;
  transnetv2: Judged;
}

interface Ours {
  name: string;
  frames: number;
  fast: Judged;
  exact: Judged & { network: number };
}

/**
 * Films composed from one film each, whose transitions are known to the frame: ours, both ways, and the peers.
 * @param further films of other seeds, which the peers are not asked about: they cost ten times what all the rest does
 */
export async function composedRows(
  { films, further }: { films: readonly KnownFilm[]; further: readonly KnownFilm[] },
  peers: ReadonlyMap<string, Peers>,
  report: Report,
): Promise<Row[]> {
  const outcomes: Outcome[] = [];
  for (const film of films) outcomes.push(await outcomeOf(film, peers.get(film.path) as Peers, report));
  const all: Ours[] = [...outcomes];
  for (const film of further) all.push(await oursOf(film, report));
  return [...outcomesRows(outcomes), ...worstRows(outcomes), ...allRows(all), ...costRows(outcomes)];
}

const judged = (film: KnownFilm, { transitions, cpu }: Finding): Judged => ({
  ...judge(film.transitions, transitions, film.bursts),
  cpu,
});

async function outcomeOf(film: KnownFilm, peers: Peers, report: Report): Promise<Outcome> {
  return {
    ...(await oursOf(film, report)),
    pyscenedetect: judged(film, peers.pyscenedetect),
    transnetv2: judged(film, peers.transnetv2),
  };
}

async function oursOf(film: KnownFilm, report: Report): Promise<Ours> {
  const [fast, exact] = [await timed(film.path, 'fast', report), await timed(film.path, 'exact', report)];
  return {
    ...{ name: film.name, frames: film.frames, fast: judged(film, fast) },
    exact: { ...judged(film, exact), network: exact.network },
  };
}

/** What our detector finds, with the CPU seconds of all its processes. */
export async function timed(path: string, detector: DetectorName, report: Report) {
  let found: Awaited<ReturnType<typeof detectFile>> | null = null;
  const cpu = await cpuOf(async () => {
    found = await detectFile(path, { detector, report });
  });
  return { ...(found as unknown as Awaited<ReturnType<typeof detectFile>>), cpu };
}

const ours = ['fast', 'exact'] as const;
type Name = (typeof ours)[number] | keyof Peers;

function outcomesRows(outcomes: readonly Outcome[]): Row[] {
  const of = (name: Name) => together(outcomes.map((one) => one[name]));
  const [rival, adaptive] = [of('transnetv2'), of('pyscenedetect')];
  const peer = (read: (one: Judgement) => unknown) =>
    `TransNetV2 ${read(rival)}, PySceneDetect ${read(adaptive)}`;
  return ours.flatMap((name) =>
    measures(of(name)).map(({ what, read, ...row }) => ({
      what: `${outcomes.length} composed films, ${name}: ${what}`,
      ...row,
      peer: peer(read),
    })),
  );
}

/** Those of all seeds together: a missed cut of the first five films weighs more than a hundredth. */
function allRows(all: readonly Ours[]): Row[] {
  return ours.flatMap((name) =>
    measures(together(all.map((one) => one[name]))).map(({ what, read: _, ...row }) => ({
      what: `${all.length} composed films of all seeds, ${name}: ${what}`,
      ...row,
    })),
  );
}

/** The lines of a detector, and what each reads of a peer. */
function measures(one: Judgement): (Row & { read: (peer: Judgement) => unknown })[] {
  const all = one.cuts.wanted + one.gradual.wanted;
  const line = (what: string, n: number, unit: string, read: (j: Judgement) => number) => {
    return { what, value: read(one), unit, n, read };
  };
  return [
    {
      ...{ what: 'F1 of cuts within 1 frame', value: f1Of(one.cuts), unit: '', n: one.cuts.wanted },
      read: (j) => f1Of(j.kindless.cuts),
    },
    {
      ...{ what: 'recall of gradual transitions', ...recallOf(one.gradual) },
      read: (j) => recallOf(j.kindless.gradual).value,
    },
    {
      ...{ what: 'precision of gradual transitions', ...precisionOf(one.gradual) },
      read: () => 'names no kinds',
    },
    {
      ...{ what: 'median edge error', value: median(one.edges), unit: 'frames', n: one.edges.length },
      read: () => 'names no kinds',
    },
    line('found at flashes and strobes', all, '', (j) => j.atBursts),
    line('missed and false together', all, '', errorsOf),
  ];
}

/** Each film is composed of pictures that no other has: the worst of them, not the mean, says what a new film may give. */
function worstRows(outcomes: readonly Outcome[]): Row[] {
  return ours.map((name) => {
    const worst = outcomes.toSorted((a, b) => errorsOf(b[name]) - errorsOf(a[name]))[0] as Outcome;
    const { cuts, gradual } = worst[name];
    return {
      what: `worst film with ${name}, ${worst.name}: missed and false`,
      value: errorsOf(worst[name]),
      ...{ unit: '', n: cuts.wanted + gradual.wanted, peer: `TransNetV2 ${errorsOf(worst.transnetv2)}` },
    };
  });
}

function costRows(outcomes: readonly Outcome[]): Row[] {
  const frames = outcomes.reduce((sum, one) => sum + one.frames, 0);
  const ms = (name: Name) => round((1000 * outcomes.reduce((sum, one) => sum + one[name].cpu, 0)) / frames);
  const looked = outcomes.reduce((sum, one) => sum + one.exact.network * one.frames, 0) / frames;
  const peer = `TransNetV2 ${ms('transnetv2')}, PySceneDetect ${ms('pyscenedetect')}`;
  return [
    ...ours.map((name) => ({
      what: `composed films, ${name}: CPU`,
      value: ms(name),
      unit: 'ms a frame',
      n: frames,
      peer,
    })),
    {
      what: 'composed films, exact: frames that reach the network',
      value: round(looked),
      unit: '',
      n: frames,
    },
  ];
}
