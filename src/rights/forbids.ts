import { spanOf } from './moments.ts';
import type { Scope } from './scope.ts';
import { includedIn, narrowerOutputs, outputKinds, uses } from './uses.ts';

/** A row that forbids: a restriction, or a consent that is refused. */
export interface Forbids extends Scope {
  titles: readonly string[] | 'all';
  party?: string | undefined;
  imposedBy?: string | undefined;
  unless?: 'approved' | undefined;
}

/** Fields by which a row forbids less than it did; none: it forbids all that it did, or more. */
export function forbidsLess(before: Forbids, now: Forbids): string[] {
  const isLess: Readonly<Record<string, boolean>> = {
    party: before.party !== now.party,
    titles: lacks(before.titles, now.titles, 'all'),
    uses: lacks(usesReached(before), usesReached(now)),
    territories: !now.territories.includes('world') && lacks(before.territories, now.territories),
    from: startOf(now) > startOf(before),
    until: endOf(now) < endOf(before),
    models: lacks(before.models ?? 'all', now.models ?? 'all', 'all'),
    trainers: lacks(before.trainers ?? 'all', now.trainers ?? 'all', 'all'),
    outputs: lacks(outputsReached(before), outputsReached(now)),
    unless: before.unless === undefined && now.unless !== undefined,
    imposedBy: now.unless !== undefined && now.imposedBy !== undefined && before.imposedBy !== now.imposedBy,
  };
  return Object.keys(isLess).filter((field) => isLess[field]);
}

function lacks(before: readonly string[] | 'all', now: readonly string[] | 'all', all?: 'all'): boolean {
  if (now === all) return false;
  return before === all || [...before].some((one) => !now.includes(one));
}

/** What cannot be done where the named uses are forbidden: who forbids reading forbids training. */
const usesReached = ({ uses: named }: Forbids) =>
  uses.filter((use) => named === 'all' || includedIn(use).some((one) => named.includes(one)));

const outputsReached = ({ outputs }: Forbids) =>
  outputs === undefined
    ? [...outputKinds]
    : outputKinds.filter((kind) => narrowerOutputs(kind).some((one) => outputs.includes(one)));

const startOf = ({ from }: Forbids): number => (from === undefined ? -Infinity : spanOf(from).start);
const endOf = ({ until }: Forbids): number => (until === undefined ? Infinity : spanOf(until).end);
