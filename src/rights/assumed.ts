import type { Assumption, ShotDecision } from './schema.ts';

type Decided = Pick<ShotDecision, 'outcome' | 'assumptions'>;

/** Allowed shots by what they rest on though no row of the ledger says it. */
export function assumedShots<D extends Decided>(decisions: readonly D[]): Map<Assumption['assumption'], D[]> {
  const allowed = decisions.filter(({ outcome }) => outcome === 'ALLOW');
  const each = allowed.flatMap((shot) => shot.assumptions.map(({ assumption }) => ({ assumption, shot })));
  const groups = Map.groupBy(each, ({ assumption }) => assumption);
  return new Map([...groups].map(([assumption, group]) => [assumption, group.map(({ shot }) => shot)]));
}

/** How many allowed shots rest on each assumption; none are left out. */
export const assumptionsOf = (decisions: readonly Decided[]): Record<string, number> =>
  Object.fromEntries([...assumedShots(decisions)].map(([assumption, { length }]) => [assumption, length]));
