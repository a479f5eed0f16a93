import { type Fraction, parseShare } from '../../rights/index.ts';
import type { ExposureLine, ReferenceLine, ReplicaLine } from '../statement-schema.ts';
import { lowest, minus, plus, sumOf, times, whole, zero } from './fraction.ts';
import { textOf } from './fraction-text.ts';

/** Whose a piece of film is, by a ledger. */
export interface Holders {
  /** Null: the ledger does not say whose it is. */
  title: { id: string; name: string } | null;
  owners: readonly { party: string; share: string }[];
  /** Parties that the ledger confirms in it. */
  performers: readonly string[];
}

/** One shot in one training run. */
export interface Seen {
  shot: string;
  holders: Holders;
  clips: number;
  seen: number;
  /** Exposure: seconds of film times showings. */
  seconds: Fraction;
}

export interface Training {
  run: string;
  ended: string;
  models: readonly string[];
  snapshot: string;
  steps: number;
  batch: number;
  shots: readonly Seen[];
  /** For whom its dataset was frozen. */
  targets: readonly string[];
}

/** A film of the catalogue that a take was given. */
export interface Given {
  take: string;
  madeAt: string;
  given: string;
  sha256: string;
  holders: Holders;
}

/** A take whose brief named performers. */
export interface Replica {
  take: string;
  madeAt: string;
  run: string;
  models: readonly string[];
  seconds: Fraction;
  withdrawn: string | null;
  performers: readonly string[];
}

type Claim<Line> = Line & { party: string };
export type ExposureClaim = Claim<ExposureLine>;
export type ReferenceClaim = Claim<ReferenceLine>;
export type ReplicaClaim = Claim<ReplicaLine>;

/** Everybody's lines of one training: of each title for each owner, and for each person seen. */
export function exposureClaims(training: Training): ExposureClaim[] {
  const titles = Map.groupBy(
    training.shots.filter(({ holders, seen }) => holders.title !== null && seen > 0),
    ({ holders }) => holders.title?.id,
  );
  return [...titles.values()].flatMap((shots) => [
    ...ownersOf(shots).map(({ party, share }) => claimOf(training, shots, party, share)),
    ...performersIn(shots).map((party) =>
      claimOf(
        training,
        shots.filter(({ holders }) => holders.performers.includes(party)),
        party,
        null,
      ),
    ),
  ]);
}

/** Of each title that a training showed, a line for who is targeted and confirmed in none of it; of films of no known title, one for all. */
export function targetedClaims(training: Training): ExposureClaim[] {
  const shown = training.shots.filter(({ seen }) => seen > 0);
  const titles = Map.groupBy(shown, ({ holders }) => holders.title?.id);
  return [...titles.values()].flatMap((shots) => {
    const seen = performersIn(shots);
    return training.targets
      .filter((party) => !seen.includes(party))
      .map((party) => ({
        ...claimOf(training, shots, party, null),
        ...{ basis: 'targeted' as const, counted: textOf(zero) },
      }));
  });
}

const ownersOf = ([first]: readonly Seen[]): Holders['owners'] => first?.holders.owners ?? [];

const performersIn = (shots: readonly Seen[]): string[] => [
  ...new Set(shots.flatMap(({ holders }) => holders.performers)),
];

function claimOf(training: Training, shots: readonly Seen[], party: string, share: string | null) {
  const { run, ended, models, snapshot } = training;
  const seconds = sumOf(shots.map((shot) => shot.seconds));
  const total = (count: (shot: Seen) => number) => shots.reduce((sum, shot) => sum + count(shot), 0);
  return {
    ...{ party, run, ended, models: [...models], snapshot, ...roleOf(shots[0]?.holders, share) },
    ...{ shots: shots.length, clips: total(({ clips }) => clips), seen: total(({ seen }) => seen) },
    seconds: textOf(seconds),
    counted: textOf(share === null ? seconds : times(seconds, parseShare(share))),
  };
}

const roleOf = (holders: Holders | undefined, share: string | null) => ({
  title: holders?.title ?? { id: '', name: '' },
  role: share === null ? ('performer' as const) : ('owner' as const),
  share,
});

/** Everybody's lines of one film given to a take. */
export function referenceClaims({ holders, ...use }: Given): ReferenceClaim[] {
  if (!holders.title) return [];
  const line = (party: string, share: string | null) => ({
    ...{ party, ...use, ...roleOf(holders, share) },
    counted: textOf(share === null ? whole(1) : lowest(parseShare(share))),
  });
  return [
    ...holders.owners.map(({ party, share }) => line(party, share)),
    ...holders.performers.map((party) => line(party, null)),
  ];
}

/** A line of one take for each performer whom it names, the whole of it for each. */
export const replicaClaims = ({ performers, models, seconds, ...take }: Replica): ReplicaClaim[] =>
  performers.map((party) => ({ party, ...take, models: [...models], seconds: textOf(seconds) }));

/** What of a whole belongs to nobody known: the part of it that no owner has, and all of it where no title is known. */
export interface Unclaimed {
  owners: Fraction;
  performers: Fraction;
}

export function unclaimedIn(pieces: readonly { holders: Holders; weight: Fraction }[]): Unclaimed {
  const unknown = sumOf(pieces.filter(({ holders }) => !holders.title).map(({ weight }) => weight));
  const known = pieces.filter(({ holders }) => holders.title);
  const unowned = known.map(({ holders, weight }) => times(weight, missingShare(holders)));
  return { owners: plus(unknown, sumOf(unowned)), performers: unknown };
}

function missingShare({ owners }: Holders): Fraction {
  const missing = minus(whole(1), sumOf(owners.map(({ share }) => parseShare(share))));
  return missing.num > 0n ? missing : zero;
}
