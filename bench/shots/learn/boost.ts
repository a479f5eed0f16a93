import type { Forest } from '../../../src/shots/trees.ts';

/** One thing to learn from. */
export interface Example {
  features: readonly number[];
  /** Whether it is what is looked for. */
  isTrue: boolean;
}

export interface BoostOptions {
  trees: number;
  /** Questions from the root of a tree to a leaf. */
  depth: number;
  /** Share of each tree's own best step that is taken. */
  rate: number;
  /** Least sum of second derivatives in a leaf, and what is added to it. */
  leastWeight: number;
  ridge: number;
  /** What a true example counts for, where a false one counts 1. */
  trueWeight: number;
}

/** Places at which a feature may be divided. */
const divisions = 48;
/** Digits that are kept of a number. */
const digits = 4;

type Node = number[];

/**
 * Gradient boosting of logistic loss with second derivatives (Chen and Guestrin 2016): every tree takes the best step that its
 * leaves allow. No chance is in it: the same examples give the same forest.
 */
export function boost(names: readonly string[], examples: readonly Example[], options: BoostOptions): Forest {
  const share = examples.filter(({ isTrue }) => isTrue).length / examples.length;
  const start = rounded(Math.log(share / (1 - share)));
  const thresholds = names.map((_, f) => quantiles(examples.map(({ features }) => features[f] as number)));
  const bins = names.map((_, f) => binsOf(examples, f, thresholds[f] as number[]));
  const scores = new Float64Array(examples.length).fill(start);
  const trees: Node[][] = [];
  for (let i = 0; i < options.trees; i++) {
    const slopes = slopesOf(examples, scores, options.trueWeight);
    const grower = { thresholds, bins, slopes, scores, options, nodes: [] as Node[] };
    grow(grower, [...examples.keys()], 0);
    trees.push(grower.nodes);
  }
  return { features: [...names], start, trees };
}

interface Slopes {
  first: Float64Array;
  second: Float64Array;
}

interface Grower {
  thresholds: number[][];
  bins: Uint8Array[];
  slopes: Slopes;
  scores: Float64Array;
  options: BoostOptions;
  nodes: Node[];
}

function slopesOf(examples: readonly Example[], scores: Float64Array, trueWeight: number): Slopes {
  const [first, second] = [new Float64Array(scores.length), new Float64Array(scores.length)];
  examples.forEach(({ isTrue }, i) => {
    const chance = 1 / (1 + Math.exp(-(scores[i] as number)));
    const weight = isTrue ? trueWeight : 1;
    first[i] = weight * (chance - (isTrue ? 1 : 0));
    second[i] = weight * chance * (1 - chance);
  });
  return { first, second };
}

/** Adds the node of some examples and those below it; @returns its index */
function grow(grower: Grower, members: readonly number[], depth: number): number {
  const { nodes, options, bins, thresholds } = grower;
  const index = nodes.push([]) - 1;
  const split = depth < options.depth ? bestSplit(grower, members) : null;
  if (!split) {
    nodes[index] = [leaf(grower, members)];
    return index;
  }
  const isBelow = (i: number) => (bins[split.feature]?.[i] as number) <= split.bin;
  const below = grow(grower, members.filter(isBelow), depth + 1);
  const above = grow(
    grower,
    members.filter((i) => !isBelow(i)),
    depth + 1,
  );
  nodes[index] = [split.feature, thresholds[split.feature]?.[split.bin] as number, below, above];
  return index;
}

/** The step of a leaf, taken at once by its examples. */
function leaf({ slopes, scores, options }: Grower, members: readonly number[]): number {
  const [first, second] = sums(slopes, members);
  const step = rounded((-options.rate * first) / (second + options.ridge));
  for (const i of members) scores[i] = (scores[i] as number) + step;
  return step;
}

function bestSplit(grower: Grower, members: readonly number[]) {
  const { slopes, options, bins } = grower;
  const [allFirst, allSecond] = sums(slopes, members);
  const worth = (first: number, second: number) => (first * first) / (second + options.ridge);
  let best: { feature: number; bin: number; gain: number } | null = null;
  for (let feature = 0; feature < bins.length; feature++) {
    const [firsts, seconds] = histogram(grower, members, feature);
    let [first, second] = [0, 0];
    for (let bin = 0; bin < divisions; bin++) {
      first += firsts[bin] as number;
      second += seconds[bin] as number;
      if (Math.min(second, allSecond - second) < options.leastWeight) continue;
      const gain =
        worth(first, second) + worth(allFirst - first, allSecond - second) - worth(allFirst, allSecond);
      if (gain > (best?.gain ?? 1e-6)) best = { feature, bin, gain };
    }
  }
  return best;
}

function histogram({ bins, slopes }: Grower, members: readonly number[], feature: number) {
  const own = bins[feature] as Uint8Array;
  const [firsts, seconds] = [new Float64Array(divisions + 1), new Float64Array(divisions + 1)];
  for (const i of members) {
    const bin = own[i] as number;
    firsts[bin] = (firsts[bin] as number) + (slopes.first[i] as number);
    seconds[bin] = (seconds[bin] as number) + (slopes.second[i] as number);
  }
  return [firsts, seconds] as const;
}

function sums({ first, second }: Slopes, members: readonly number[]): [number, number] {
  let [a, b] = [0, 0];
  for (const i of members) {
    a += first[i] as number;
    b += second[i] as number;
  }
  return [a, b];
}

/** Rising thresholds that divide the values evenly. */
function quantiles(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Array.from(
    { length: divisions },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / (divisions + 1))] as number,
  );
  return [...new Set(at.map(rounded))].sort((a, b) => a - b);
}

/** How many thresholds a value is not below. */
const binsOf = (examples: readonly Example[], feature: number, thresholds: readonly number[]): Uint8Array =>
  Uint8Array.from(
    examples,
    ({ features }) => thresholds.filter((one) => (features[feature] as number) >= one).length,
  );

const rounded = (value: number): number => Number(value.toPrecision(digits));
