import { givenFrom, type Papers } from './acting.ts';
import { spanOf } from './moments.ts';
import type { Grant } from './schema.ts';
import {
  narrowerOutputs,
  narrowerUses,
  type OutputKind,
  outputKinds,
  type Trainer,
  trainers,
  type Use,
  unnamedTrainers,
  uses,
} from './uses.ts';

/**
 * What of a grant counts beside others: a register may have a million that are for one alone, and each is compared with all of its title. Lists of
 * few words are bits, moments milliseconds since 1970.
 */
export interface Terms extends Pick<Grant, 'id' | 'grantor' | 'grantee' | 'withdrawn'> {
  isSole: boolean;
  /** Uses that it permits, and those that it keeps for one alone. */
  permits: number;
  keeps: number;
  /** Who may train; 0: it names nobody. */
  trainers: number;
  outputs: number;
  /** Undefined: any, and everywhere. */
  models: readonly string[] | undefined;
  territories: readonly string[] | undefined;
  begins: number;
  /** The last moment in which it permits something. */
  ends: number;
  /** By its agreement; one of which no day is known may have come before any sale. */
  signed: number;
}

export function termsOf(grant: Grant, papers: Papers): Terms {
  const { id, grantor, grantee, withdrawn, models, territories } = grant;
  const given = grant.exclusive ? givenFrom(papers, grant) : undefined;
  return {
    ...{ id, grantor, grantee, withdrawn, models, isSole: grant.exclusive === true },
    permits: bitsOf(uses, grant.uses.flatMap(narrowerUses)),
    keeps: bitsOf(uses, keptUses(grant.uses)),
    trainers: bitsOf(trainers, grant.trainers ?? []),
    outputs: grant.outputs ? bitsOf(outputKinds, downFrom(grant.outputs)) : ANY,
    territories: territories.includes('world') ? undefined : territories,
    begins: beginOf(grant),
    ends: endOf(grant),
    signed: given === undefined ? -Infinity : spanOf(given).start,
  };
}

/** All bits. */
const ANY = -1;

const bitsOf = <T>(all: readonly T[], some: readonly T[]): number =>
  some.reduce((bits, one) => bits | (1 << all.indexOf(one)), 0);

const downFrom = (outputs: readonly OutputKind[]): OutputKind[] => outputs.flatMap(narrowerOutputs);

/** What comes with nearly every use, and is kept for one alone only where it is named: who trains must read. */
const accessory: readonly Use[] = ['index', 'eval'];

const keptUses = (kept: readonly Use[]): Use[] =>
  kept.flatMap((use) => [use, ...narrowerUses(use).filter((narrower) => !accessory.includes(narrower))]);

/** Whether it permits anything by now or later: what is withdrawn is settled. */
export const countsBy = (grant: Grant, now: number): boolean =>
  withdrawalOf(grant) > now && endOf(grant) >= beginOf(grant);

/** The first moment in which a withdrawn grant permits nothing any more. */
const withdrawalOf = ({ withdrawn }: Pick<Grant, 'withdrawn'>): number =>
  withdrawn === undefined ? Infinity : spanOf(withdrawn).start;

const beginOf = ({ from }: Grant): number => (from === undefined ? -Infinity : spanOf(from).start);

const endOf = (grant: Grant): number =>
  Math.min(grant.until === undefined ? Infinity : spanOf(grant.until).end, withdrawalOf(grant) - 1);

/** Who is bound by what was permitted to one alone, each since when (milliseconds since 1970). */
export type Bound = ReadonlyMap<string, number>;

/** Whether a grant permits what another keeps for one alone. */
export function contradicts(sole: Terms, other: Terms, bound: Bound): boolean {
  const since = bound.get(other.grantor);
  if (since === undefined) return false;
  return sole.grantor === other.grantor ? contradictsOwn(sole, other) : contradictsSold(sole, other, since);
}

const contradictsOwn = (sole: Terms, other: Terms): boolean =>
  other.isSole
    ? sole.id < other.id && (takesFrom(sole, other) || takesFrom(other, sole)) && meet(sole, other)
    : sole.grantee !== other.grantee && takesFrom(sole, other) && meet(sole, other);

/** Who bought a title may permit what was kept to whom it is kept for, and is free where that is itself. */
const contradictsSold = (sole: Terms, other: Terms, since: number): boolean =>
  other.grantee !== sole.grantee &&
  other.grantor !== sole.grantee &&
  takesFrom(sole, other) &&
  meet(sole, other) &&
  Math.min(sole.ends, other.ends) >= since;

/** Whether the other grant permits a use, to some who train, that the exclusive one keeps for one alone. */
const takesFrom = (sole: Terms, other: Terms): boolean =>
  (sole.keeps & other.permits) !== 0 && (keptTrainers(sole, other) & (other.trainers || unnamed)) !== 0;

const unnamed = bitsOf<Trainer>(trainers, unnamedTrainers);

/** Others are kept off whoever trains for them; what the one itself may by another grant is none of this. */
const keptTrainers = (sole: Terms, other: Terms): number =>
  sole.trainers || (sole.grantee === other.grantee ? unnamed : ANY);

const meet = (a: Terms, b: Terms): boolean =>
  a.ends >= b.begins &&
  b.ends >= a.begins &&
  (a.outputs & b.outputs) !== 0 &&
  share(a.territories, b.territories) &&
  share(a.models, b.models);

const share = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  !a || !b || a.some((value) => b.includes(value));
