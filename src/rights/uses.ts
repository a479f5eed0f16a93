/**
 * What a shot can be used for, and which use includes which. The lattice says only what cannot be done
 * without the other: who trains on clips also reads and measures them; a final shot was a temporary one and a
 * sketch before. Training a style is no part of training a foundation, nor a replica of training a style.
 */
export const uses = [
  'index',
  'eval',
  'train.foundation',
  'train.style',
  'train.performer',
  'condition',
  'generate.previz',
  'generate.temp',
  'generate.final',
  'generate.ad',
  'generate.replica',
  'generate.synthetic_performer',
  'distil',
  'sublicense',
] as const;

export type Use = (typeof uses)[number];

/** What a take is made for, from the widest to the narrowest; an advertisement stands apart. */
export const outputKinds = ['previz', 'temp', 'final', 'ad'] as const;
export type OutputKind = (typeof outputKinds)[number];

/** Who trains: guild agreements and many contracts tell these three apart. */
export const trainers = ['in-house', 'vendor', 'third-party'] as const;
export type Trainer = (typeof trainers)[number];

/** What a permission that names no trainer is for: licensing to others is another deal. */
export const unnamedTrainers: readonly Trainer[] = ['in-house'];

type Includes<T extends string> = Readonly<Partial<Record<T, readonly T[]>>>;

/** Each use with those it directly includes. */
export const includedUses: Includes<Use> = {
  eval: ['index'],
  'train.foundation': ['eval'],
  'train.style': ['eval'],
  'train.performer': ['eval'],
  condition: ['index'],
  'generate.temp': ['generate.previz'],
  'generate.final': ['generate.temp'],
};

export const includedOutputs: Includes<OutputKind> = { temp: ['previz'], final: ['temp'] };

/** The value and everything narrower. */
const downFrom = <T extends string>(value: T, includes: Includes<T>): T[] => [
  value,
  ...(includes[value] ?? []).flatMap((next) => downFrom(next, includes)),
];

export const narrowerUses = (use: Use): Use[] => downFrom(use, includedUses);
export const widerUses = (use: Use): Use[] => uses.filter((wide) => narrowerUses(wide).includes(use));
export const narrowerOutputs = (kind: OutputKind): OutputKind[] => downFrom(kind, includedOutputs);
export const widerOutputs = (kind: OutputKind): OutputKind[] =>
  outputKinds.filter((wide) => narrowerOutputs(wide).includes(kind));

export const replicas: readonly Use[] = ['train.performer', 'generate.replica'];

/** A replica of a person: what several laws ask a described consent, signed with advice, for. */
export const makesReplica = (use: Use): boolean => narrowerUses(use).some((next) => replicas.includes(next));

/**
 * What forbids one of these forbids the use, though a permission for the use is none for them: training that
 * targets a performer is always the making of a replica.
 */
export const forbiddenWith: Includes<Use> = { 'train.performer': ['generate.replica'] };

/** Uses of which none may be forbidden: the use, everything narrower and what it is always taken for. */
export const includedIn = (use: Use): Use[] =>
  narrowerUses(use).flatMap((next) => [next, ...(forbiddenWith[next] ?? [])]);

/**
 * Uses of which none may be forbidden where takes are for `output`: a replica in an advertisement is one, and in takes of
 * any kind (null) it may be.
 */
export function forbiddenBy(use: Use, output: OutputKind | null): Use[] {
  const isOfNoKind = use.startsWith('generate.') && outputOf(use) === undefined;
  const kinds = isOfNoKind ? (output === null ? outputKinds : [output]) : [];
  return [...new Set([use, ...kinds.map((kind) => `generate.${kind}` as const)].flatMap(includedIn))];
}

/**
 * Everything that is done where performers are named, the replica last: what trains, distils or makes takes is
 * then the making of a replica besides what it is called.
 */
export function usesFor(use: Use, performers: readonly string[] = []): Use[] {
  if (performers.length === 0) return [use];
  const trains = use.startsWith('train.') || use === 'distil';
  const makes = use.startsWith('generate.') ? 'generate.replica' : use;
  return [...new Set<Use>([use, trains ? 'train.performer' : makes])];
}

/** The kind of output that the use names itself. */
export const outputOf = (use: Use): OutputKind | undefined =>
  outputKinds.find((kind) => use === `generate.${kind}`);
