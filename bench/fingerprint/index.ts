import type { Report } from '../../src/contract/index.ts';
import { THRESHOLD } from '../../src/provenance/print/threshold.ts';
import { wilson } from '../../src/review/index.ts';
import { ATTACKS } from './attacks.ts';
import { type Sketch, sketches, TAKES_OF_A_BRIEF } from './takes.ts';
import { type Trial, trials } from './trials.ts';

/** Does a fingerprint find the record of a take in a copy that was encoded again, scaled, cropped and made brighter? */

/** Another seed than those that the threshold was chosen with. */
const SEED = 6104;
const FULL_BRIEFS = 252;
const QUICK_BRIEFS = 6;
const AT = [4, 5, 5.5, 6.5, 7, 8];
/** The peer's threshold is the best that there is for these very copies with so few false matches. */
const FALSE_ALLOWED = 3;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const takes = sketches(quick ? QUICK_BRIEFS : FULL_BRIEFS, SEED);
  const { done, unprinted } = await trials(takes, report);
  const rows = [
    { what: 'takes kept', value: takes.length, unit: 'takes', n: takes.length / TAKES_OF_A_BRIEF },
    { what: 'takes with too little to see', value: unprinted, unit: 'takes', n: takes.length },
    ...ATTACKS.flatMap(({ name }) =>
      rowsOf(
        name,
        done.filter(({ attack }) => attack === name),
      ),
    ),
    ...falseRows(done, takes),
    ...AT.flatMap((at) => atRows(done, takes, at)),
  ];
  return { bench: 'fingerprint', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

/** The take's own record is the nearest, and near enough. */
const found = ({ own, others }: Trial, at: number): boolean =>
  own !== null && own <= at && own < (others[0]?.distance ?? Number.POSITIVE_INFINITY);

const share = (what: string, hits: number, n: number, peer?: string) => {
  const { value, low, high } = wilson(hits, n);
  return { what, value, unit: 'share', low, high, n, ...(peer === undefined ? {} : { peer }) };
};

function rowsOf(name: string, of: readonly Trial[]) {
  const own = of.flatMap((trial) => (trial.own === null ? [] : [trial.own])).sort((a, b) => a - b);
  const at = (part: number) => own[Math.min(own.length - 1, Math.floor(part * own.length))] ?? null;
  const hits = of.filter((trial) => found(trial, THRESHOLD)).length;
  return [
    share(`${name}: found`, hits, of.length, peerShare(of)),
    { what: `${name}: own record looked at closely`, value: own.length, unit: 'copies', n: of.length },
    { what: `${name}: distance to it, median`, value: at(0.5), unit: '', n: own.length },
    { what: `${name}: distance to it, 99 % under`, value: at(0.99), unit: '', n: own.length },
    { what: `${name}: distance to it, most`, value: own.at(-1) ?? null, unit: '', n: own.length },
  ];
}

function peerShare(of: readonly Trial[]): string {
  const wrong = of.flatMap(({ peer }) => peer.others).sort((a, b) => a - b);
  const at = wrong[FALSE_ALLOWED] ?? 1;
  const hits = of.filter(({ peer }) => peer.own < at && peer.own < (peer.others[0] ?? 1)).length;
  return `hash of each frame: ${(hits / of.length).toFixed(4)} with ${FALSE_ALLOWED} false matches or fewer`;
}

type Kind = (take: number, other: number) => boolean;

function falseRows(done: readonly Trial[], takes: readonly Sketch[]) {
  const pairs = done.length * (takes.length - 1);
  const alike = done.length * (TAKES_OF_A_BRIEF - 1);
  const touched = done.length / 2;
  const isAlike: Kind = (take, other) => sameBrief(takes, take, other);
  return [
    ...falseOf('any', pairs, done, () => true),
    ...falseOf('another brief', pairs - alike, done, (a, b) => !isAlike(a, b)),
    ...falseOf(
      'the same brief, another seed',
      alike - touched,
      done,
      (a, b) => isAlike(a, b) && !isRetouched(a, b),
    ),
    ...falseOf('the same take retouched', touched, done, (a, b) => isAlike(a, b) && isRetouched(a, b)),
  ];
}

function falseOf(kind: string, n: number, done: readonly Trial[], is: Kind) {
  const wrong = done
    .flatMap(({ take, others }) => others.filter((other) => is(take, other.take)))
    .map(({ distance }) => distance)
    .sort((a, b) => a - b);
  const four = wrong
    .slice(0, 4)
    .map((distance) => distance.toFixed(2))
    .join(', ');
  return [
    { what: `false matches: ${kind}`, value: under(wrong, THRESHOLD), unit: 'pairs', n },
    { what: `the four nearest: ${kind}`, value: four, unit: '', n },
  ];
}

const sameBrief = (takes: readonly Sketch[], a: number, b: number): boolean =>
  takes[a]?.brief === takes[b]?.brief;

/** The first take of a brief and the last, which is that one retouched. */
const isRetouched = (a: number, b: number): boolean => Math.abs(a - b) === TAKES_OF_A_BRIEF - 1;

const under = (sorted: readonly number[], at: number): number => sorted.filter((value) => value <= at).length;

/** What another threshold would give. */
function atRows(done: readonly Trial[], takes: readonly Sketch[], at: number) {
  const wrong = done.flatMap(({ others }) => others.filter(({ distance }) => distance <= at)).length;
  const hits = done.filter((trial) => found(trial, at)).length;
  return [
    share(`all attacks: found at ${at}`, hits, done.length),
    {
      what: `all attacks: false matches at ${at}`,
      value: wrong,
      unit: 'pairs',
      n: done.length * (takes.length - 1),
    },
  ];
}
