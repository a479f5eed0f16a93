import { bootstrap, rangeOf } from '../../src/assess/curve.ts';
import type { CheckLine } from '../../src/contract/index.ts';
import { wilson } from '../../src/review/index.ts';
import { type Attribute, allRight, isRight, READ_WELL } from '../reader/words.ts';
import { NOVELTIES, type WorldBrief } from './briefs.ts';

/** A brief and what the reader reads in each of its takes. */
export interface Read {
  brief: WorldBrief;
  takes: CheckLine[];
}

type Passes = (take: CheckLine, brief: WorldBrief) => boolean;

const right =
  (attribute: Attribute): Passes =>
  (take, { words }) =>
    isRight(take, words, attribute);
const all =
  (attributes: readonly Attribute[]): Passes =>
  (take, { words }) =>
    allRight(take, words, attributes);

export const ALL_READ = all(READ_WELL);

/** Single takes: each word that the reader reads well, all of them; then briefs of which at least one of four takes shows all; by novelty. */
export function rowsOf(arm: string, reads: readonly Read[], seed: number) {
  const unseen = reads.filter(({ brief }) => brief.novelty !== 'none');
  return [
    ...READ_WELL.map((one) => share(`${arm}: unseen combinations, ${one} right`, unseen, right(one), seed)),
    ...groupRows(`${arm}: unseen combinations`, unseen, seed),
    overCombinations(`${arm}: unseen combinations`, unseen, seed),
    ...NOVELTIES.flatMap((novelty) =>
      groupRows(
        `${arm}: novelty ${novelty}`,
        reads.filter(({ brief }) => brief.novelty === novelty),
        seed,
      ),
    ),
  ];
}

const groupRows = (of: string, reads: readonly Read[], seed: number) => [
  share(`${of}, all ${READ_WELL.length} words right`, reads, ALL_READ, seed),
  atFour(`${of}, briefs with a take of four in which all ${READ_WELL.length} are right`, reads),
];

/** The share of takes, with a 95 % bootstrap over briefs: takes of one brief are alike. */
function share(what: string, reads: readonly Read[], passes: Passes, seed: number) {
  const byId = new Map(reads.map((read) => [read.brief.id, hitsOf(read, passes)]));
  const over = (ids: readonly string[]) => meanOf(ids.flatMap((id) => byId.get(id) ?? []));
  const ids = [...byId.keys()];
  return { what, unit: 'share of takes', n: ids.length, ...rangeOf(bootstrap(ids, seed, over), over(ids)) };
}

/** The same share of takes with an interval over combinations: only so many are kept from training, and they differ. */
function overCombinations(of: string, reads: readonly Read[], seed: number) {
  const groups = Map.groupBy(reads, ({ brief }) => brief.combination);
  const over = (names: readonly string[]) =>
    meanOf(names.flatMap((name) => (groups.get(name) ?? []).flatMap((read) => hitsOf(read, ALL_READ))));
  const names = [...groups.keys()];
  const what = `${of}, all ${READ_WELL.length} words right, interval over the combinations themselves`;
  return {
    what,
    unit: 'share of takes',
    n: names.length,
    ...rangeOf(bootstrap(names, seed, over), over(names)),
  };
}

function atFour(what: string, reads: readonly Read[]) {
  const hits = reads.filter(({ brief, takes }) => takes.some((take) => ALL_READ(take, brief)));
  return { what, unit: 'share of briefs', n: reads.length, ...wilson(hits.length, reads.length) };
}

/** How many points of the share the second arm loses, brief by brief: both drew from the same noise. */
export function lostRow(what: string, before: readonly Read[], after: readonly Read[], seed: number) {
  const score = (reads: readonly Read[]) =>
    new Map(reads.map((read) => [read.brief.id, meanOf(hitsOf(read, ALL_READ))]));
  const [had, has] = [score(before), score(after)];
  const over = (ids: readonly string[]) =>
    100 * meanOf(ids.map((id) => (had.get(id) ?? 0) - (has.get(id) ?? 0)));
  const ids = [...had.keys()];
  return { what, unit: 'points', n: ids.length, ...rangeOf(bootstrap(ids, seed, over), over(ids)) };
}

const hitsOf = ({ brief, takes }: Read, passes: Passes) => takes.map((take) => Number(passes(take, brief)));

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
