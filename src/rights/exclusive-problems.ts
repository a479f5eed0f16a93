import { spanOf } from './moments.ts';
import { type Problem, problem, rowsOf } from './raw.ts';
import { statedHouse } from './record-problems.ts';
import { type Grant, grantSchema } from './schema.ts';
import {
  narrowerOutputs,
  narrowerUses,
  type OutputKind,
  type Trainer,
  trainers,
  type Use,
  unnamedTrainers,
} from './uses.ts';

interface Placed {
  grant: Grant;
  i: number;
}

/** A grant with the place of a title in it. */
type Meeting = Placed & { j: number };

/**
 * An owner who permits something to one alone cannot permit it to another: two exclusive grants that meet, or
 * an exclusive one and one to somebody else. They also meet where one permits what the other includes (ADR 0078).
 * @param now milliseconds since 1970: what is withdrawn by then is settled, what will be counts until then
 */
export function exclusiveProblems(raw: unknown, now = Date.now()): Problem[] {
  const rows = rowsOf(raw, 'grants');
  if (!rows.some(({ exclusive }) => exclusive === true)) return [];
  const replaced = new Set(rows.map(({ supersedes }) => supersedes));
  const house = statedHouse(raw);
  const grants = rows
    .map((row, i) => ({ grant: grantSchema.safeParse({ grantee: house, ...row }).data, i }))
    .filter((row): row is Placed => row.grant !== undefined && !replaced.has(row.grant.id));
  const meeting = Map.groupBy(
    grants.filter(({ grant }) => counts(grant, now)).flatMap(byTitle),
    ({ place }) => place,
  );
  return onceEach([...meeting.values()].flatMap(conflictsIn));
}

const counts = (grant: Grant, now: number): boolean =>
  withdrawal(grant) > now && ends(grant) >= begins(grant);

/**
 * Whether a grant to the house could not be recorded beside others, as its owner permits the same to somebody else alone.
 * @param others of a ledger in force; one that names nobody is given to the house
 */
export const isKept = (asked: Grant, others: readonly Grant[], now = Date.now()): boolean => {
  const placesOf = (grant: Grant) => byTitle({ grant, i: 0 }).map(({ place }) => place);
  const places = placesOf(asked);
  return others
    .filter((sole) => sole.exclusive && sole.grantee && counts(sole, now) && share(placesOf(sole), places))
    .some((sole) => contradicts(sole, asked));
};

/** A licence for several things of others meets one for any of them. */
const byTitle = (placed: Placed) =>
  placed.grant.titles.flatMap((title, j) =>
    (placed.grant.materials ?? [null]).map((material) => ({
      ...placed,
      j,
      place: JSON.stringify([placed.grant.grantor, title, material]),
    })),
  );

const conflictsIn = (rows: readonly Meeting[]): Problem[] =>
  rows
    .filter(({ grant }) => grant.exclusive)
    .flatMap((sole) =>
      rows
        .filter(({ grant }) => grant.id !== sole.grant.id && contradicts(sole.grant, grant))
        .map((other) => conflict(sole, other)),
    );

/** Told of the later row: what came after another was written beside it. */
function conflict(sole: Meeting, other: Meeting): Problem {
  const { i, j } = sole.i > other.i ? sole : other;
  return problem(
    ['grants', i, 'titles', j],
    `nothing that ${sole.grant.grantor} permits by the exclusive grant ${named(sole.grant)}`,
    `the same permitted by ${named(other.grant)}`,
    'Narrow, withdraw or supersede one of the two.',
  );
}

const named = ({ id, withdrawn }: Grant): string =>
  `"${id}"${withdrawn === undefined ? '' : ` (withdrawn on ${withdrawn})`}`;

const contradicts = (sole: Grant, other: Grant): boolean =>
  other.exclusive
    ? sole.id < other.id && (takesFrom(sole, other) || takesFrom(other, sole)) && meet(sole, other)
    : sole.grantee !== other.grantee && takesFrom(sole, other) && meet(sole, other);

/** Whether the other grant permits a use, to some who train, that the exclusive one keeps for one alone. */
const takesFrom = (sole: Grant, other: Grant): boolean =>
  share(keptUses(sole.uses), other.uses.flatMap(narrowerUses)) &&
  share(keptTrainers(sole, other), other.trainers ?? unnamedTrainers);

/** Others are kept off whoever trains for them; what the one itself may by another grant is none of this. */
const keptTrainers = (sole: Grant, other: Grant): readonly Trainer[] =>
  sole.trainers ?? (sole.grantee === other.grantee ? unnamedTrainers : trainers);

/** What comes with nearly every use, and is kept for one alone only where it is named: who trains must read. */
const accessory: readonly Use[] = ['index', 'eval'];

const keptUses = (uses: readonly Use[]): Use[] =>
  uses.flatMap((use) => [use, ...narrowerUses(use).filter((narrower) => !accessory.includes(narrower))]);

const downFrom = (outputs: readonly OutputKind[]): OutputKind[] => outputs.flatMap(narrowerOutputs);

const meet = (a: Grant, b: Grant): boolean =>
  (a.territories.includes('world') ||
    b.territories.includes('world') ||
    share(a.territories, b.territories)) &&
  (!a.models || !b.models || share(a.models, b.models)) &&
  (!a.outputs || !b.outputs || share(downFrom(a.outputs), downFrom(b.outputs))) &&
  ends(a) >= begins(b) &&
  ends(b) >= begins(a);

const share = <T>(a: readonly T[], b: readonly T[]): boolean => a.some((value) => b.includes(value));

const begins = ({ from }: Grant): number => (from === undefined ? -Infinity : spanOf(from).start);

/** The first moment in which a withdrawn grant permits nothing any more. */
const withdrawal = ({ withdrawn }: Grant): number =>
  withdrawn === undefined ? Infinity : spanOf(withdrawn).start;

/** The last moment in which it permits something. */
const ends = (grant: Grant): number =>
  Math.min(grant.until === undefined ? Infinity : spanOf(grant.until).end, withdrawal(grant) - 1);

const onceEach = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((one) => [JSON.stringify(one), one])).values(),
];
