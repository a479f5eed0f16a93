/** What is measured of something, by name. */
export type Features = Record<string, number>;

/** A node: `[feature, threshold, below, above]`, where below and above are places in the tree; or `[leaf]`. */
type Node = readonly number[];

/** Shallow trees whose leaves add up to the logarithm of the odds, as gradient boosting leaves them. */
export interface Forest {
  /** Names of the features that the nodes number. */
  features: readonly string[];
  /** Log odds before any tree. */
  start: number;
  /** The nodes of every tree, its root first. */
  trees: readonly (readonly Node[])[];
}

/** How likely something is, 0..1, by a forest that knows its features. */
export function chanceOf({ features, start, trees }: Forest, measured: Features): number {
  const values = features.map((name) => measured[name] as number);
  const odds = trees.reduce((sum, tree) => sum + leafOf(tree, values), start);
  return 1 / (1 + Math.exp(-odds));
}

/** What is less than a threshold lies below. */
function leafOf(tree: readonly Node[], values: readonly number[]): number {
  let node = tree[0] as Node;
  while (node.length > 1) {
    const isBelow = (values[node[0] as number] as number) < (node[1] as number);
    node = tree[node[isBelow ? 2 : 3] as number] as Node;
  }
  return node[0] as number;
}

/** The most that `chanceOf` could say once what is not measured yet is: what was never asked for costs nothing. */
export function mostChance({ features, start, trees }: Forest, measured: Partial<Features>): number {
  const values = features.map((name) => measured[name] ?? Number.NaN);
  const odds = trees.reduce((sum, tree) => sum + mostFrom(tree, 0, values), start);
  return 1 / (1 + Math.exp(-odds));
}

function mostFrom(tree: readonly Node[], at: number, values: readonly number[]): number {
  const node = tree[at] as Node;
  if (node.length === 1) return node[0] as number;
  const [feature, threshold, below, above] = node as readonly [number, number, number, number];
  const value = values[feature] as number;
  if (!Number.isNaN(value)) return mostFrom(tree, value < threshold ? below : above, values);
  return Math.max(mostFrom(tree, below, values), mostFrom(tree, above, values));
}
