import { spanOf } from './moments.ts';
import { amountFault, moneyOf } from './money.ts';
import type { Grant, Obligation } from './schema.ts';
import type { Scope } from './scope.ts';
import { includedIn, narrowerOutputs, narrowerUses, outputKinds, type Use, uses } from './uses.ts';

/** What a row that forbids or asks for something is for. */
interface Reach extends Scope {
  titles: readonly string[] | 'all';
}

/** A row that forbids: a restriction, or a consent that is refused. */
export interface Forbids extends Reach {
  party?: string | undefined;
  imposedBy?: string | undefined;
  unless?: 'approved' | undefined;
}

/** Fields by which a row forbids less than it did; none: it forbids all that it did, or more. */
export function forbidsLess(before: Forbids, now: Forbids): string[] {
  return [
    ...(before.party === now.party ? [] : ['party']),
    ...reachesLess(before, now),
    ...(before.unless === undefined && now.unless !== undefined ? ['unless'] : []),
    ...(isGivenAway(before, now) ? ['imposedBy'] : []),
  ];
}

/** Whether somebody else may end it, or approve, than who imposed it; without a name anybody could. */
const isGivenAway = (before: Forbids, now: Forbids): boolean =>
  before.imposedBy === undefined
    ? now.imposedBy !== undefined && now.unless !== undefined
    : now.imposedBy !== before.imposedBy;

/** Fields by which an obligation asks for less than it did. That it is done, and when, is what is recorded of it. */
export function asksLess(before: Obligation, now: Obligation): string[] {
  const isLess: Readonly<Record<string, boolean>> = {
    kind: before.kind !== now.kind,
    to: before.to !== now.to,
    due: dueOf(now) > dueOf(before),
    amount: before.amount !== undefined && isLessMoney(before.amount, now.amount),
  };
  return [...Object.keys(isLess).filter((field) => isLess[field]), ...reachesLess(before, now)];
}

/** Fields by which a grant to somebody else alone keeps others off from less than it did. */
export function keepsLess(before: Grant, now: Grant): string[] {
  const isLess: Readonly<Record<string, boolean>> = {
    grantor: before.grantor !== now.grantor,
    grantee: before.grantee !== now.grantee,
    exclusive: now.exclusive !== true,
    materials: lacks(before.materials ?? [''], now.materials ?? ['']),
    uses: lacks(before.uses, now.uses.flatMap(narrowerUses)),
    outputs: lacks(before.outputs ?? outputKinds, (now.outputs ?? outputKinds).flatMap(narrowerOutputs)),
  };
  const reach = reachesLess(before, now).filter((field) => !(field in isLess));
  return [...Object.keys(isLess).filter((field) => isLess[field]), ...reach];
}

const dueOf = ({ due }: Obligation): number => (due === undefined ? Infinity : spanOf(due).end);

/** An amount of another currency may be less, and so may one of which nobody can tell how much it is. */
function isLessMoney(before: string, now: string | undefined): boolean {
  if (before === now) return false;
  if (now === undefined || [before, now].some((amount) => amountFault(amount) !== undefined)) return true;
  const [was, is] = [moneyOf(before), moneyOf(now)];
  return was.currency !== is.currency || is.units < was.units;
}

/** Fields by which a row is for less than it was. */
function reachesLess(before: Reach, now: Reach): string[] {
  const isLess: Readonly<Record<string, boolean>> = {
    titles: lacks(before.titles, now.titles, 'all'),
    uses: lacks(usesReached(before), usesReached(now)),
    territories: !now.territories.includes('world') && lacks(before.territories, now.territories),
    from: startOf(now) > startOf(before),
    until: endOf(now) < endOf(before),
    models: lacks(before.models ?? 'all', now.models ?? 'all', 'all'),
    trainers: lacks(before.trainers ?? 'all', now.trainers ?? 'all', 'all'),
    outputs: lacks(outputsReached(before), outputsReached(now)),
  };
  return Object.keys(isLess).filter((field) => isLess[field]);
}

function lacks(before: readonly string[] | 'all', now: readonly string[] | 'all', all?: 'all'): boolean {
  if (now === all) return false;
  return before === all || [...before].some((one) => !now.includes(one));
}

/** What cannot be done where the named uses are forbidden: who forbids reading forbids training. */
export const usesReached = ({ uses: named }: Pick<Reach, 'uses'>): Use[] =>
  uses.filter((use) => named === 'all' || includedIn(use).some((one) => named.includes(one)));

const outputsReached = ({ outputs }: Reach) =>
  outputs === undefined
    ? [...outputKinds]
    : outputKinds.filter((kind) => narrowerOutputs(kind).some((one) => outputs.includes(one)));

const startOf = ({ from }: Reach): number => (from === undefined ? -Infinity : spanOf(from).start);
const endOf = ({ until }: Reach): number => (until === undefined ? Infinity : spanOf(until).end);
