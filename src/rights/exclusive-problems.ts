import { givenFrom, type Papers } from './acting.ts';
import { successorsOf } from './chain.ts';
import { spanOf } from './moments.ts';
import { papersIn } from './papers.ts';
import { type Problem, problem, rowsOf, textOf } from './raw.ts';
import { statedHouse } from './record-problems.ts';
import { type Grant, grantSchema, type Ledger, type LedgerTitle, titleSchema } from './schema.ts';
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
type Meeting = Placed & { j: number; title: string; material: string | null };

/** What tells who came to own a title after whom, and when something was permitted. */
type Deeds = Papers & { titles: readonly Pick<LedgerTitle, 'id' | 'chain'>[] };

/** Who is bound by what was permitted to one alone, each since when (milliseconds since 1970). */
type Bound = ReadonlyMap<string, number>;

/**
 * An owner who permits something to one alone cannot permit it to another: two exclusive grants that meet, or
 * an exclusive one and one to somebody else. They also meet where one permits what the other includes (ADR 0078).
 * Nor can who came to own the title after that (ADR 0173).
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
    ({ title, material }) => JSON.stringify([title, material]),
  );
  const bound = binder(deedsIn(raw));
  return onceEach([...meeting.values()].flatMap((rowsOfOne) => conflictsIn(rowsOfOne, bound)));
}

/** A document of any shape is read here: what is no chain the schema says. */
const deedsIn = (raw: unknown): Deeds => ({
  titles: rowsOf(raw, 'titles').map(({ id, chain }) => ({
    id: textOf(id) ?? '',
    chain: titleSchema.shape.chain.safeParse(chain).data,
  })),
  ...papersIn(raw),
});

/** Finds whom a grant for one alone binds: who gave it, and who came to own the title after that; a licence for material its owner alone. */
function binder(deeds: Deeds): (sole: Meeting) => Bound {
  const titles = new Map(deeds.titles.map((title) => [title.id, title]));
  return ({ grant, title, material }) => {
    const sold = material === null ? titles.get(title) : undefined;
    const after = sold ? successorsOf(sold, grant.grantor, signed(deeds, grant)) : [];
    return new Map([...after, [grant.grantor, -Infinity]]);
  };
}

/** By its agreement; one of which no day is known may have come before any sale. */
function signed(papers: Papers, grant: Grant): number {
  const given = givenFrom(papers, grant);
  return given === undefined ? -Infinity : spanOf(given).start;
}

const counts = (grant: Grant, now: number): boolean =>
  withdrawal(grant) > now && ends(grant) >= begins(grant);

/**
 * Whether a grant to the house could not be recorded beside others, as its owner, or who owned the title before, permits the same to
 * somebody else alone.
 * @param ledger in force; a grant that names nobody is given to the house
 */
export function isKept(
  asked: Grant,
  ledger: Pick<Ledger, 'grants' | 'titles' | 'agreements'>,
  now = Date.now(),
): boolean {
  const places = byTitle({ grant: asked, i: 0 });
  const bound = binder(ledger);
  return ledger.grants
    .filter((sole) => sole.exclusive && sole.grantee && counts(sole, now))
    .flatMap((sole) => byTitle({ grant: sole, i: 0 }))
    .filter(({ title, material }) =>
      places.some((place) => place.title === title && place.material === material),
    )
    .some((sole) => contradicts(sole.grant, asked, bound(sole)));
}

/** A licence for several things of others meets one for any of them. */
const byTitle = (placed: Placed): Meeting[] =>
  placed.grant.titles.flatMap((title, j) =>
    (placed.grant.materials ?? [null]).map((material) => ({ ...placed, j, title, material })),
  );

const conflictsIn = (rows: readonly Meeting[], bound: (sole: Meeting) => Bound): Problem[] =>
  rows
    .filter(({ grant }) => grant.exclusive)
    .flatMap((sole) => {
      const parties = bound(sole);
      return rows
        .filter(({ grant }) => grant.id !== sole.grant.id && contradicts(sole.grant, grant, parties))
        .map((other) => conflict(sole, other));
    });

/** Told of the later row: what came after another was written beside it. */
function conflict(sole: Meeting, other: Meeting): Problem {
  const { i, j, title } = sole.i > other.i ? sole : other;
  const [seller, buyer] = [sole.grant.grantor, other.grant.grantor];
  const isSold = seller !== buyer;
  return problem(
    ['grants', i, 'titles', j],
    `nothing that ${seller} permits by the exclusive grant ${named(sole.grant)}${isSold ? `, which goes on after ${title} came to ${buyer}` : ''}`,
    `the same permitted by ${named(other.grant)}`,
    isSold
      ? 'Narrow or withdraw one of the two, or let one to the same for less replace it; where the sale ended the first, its until is the day before the sale; where it was given after the sale, its agreement must say on which day it was signed.'
      : 'Narrow or withdraw one of the two, or let one to the same for less replace it.',
  );
}

const named = ({ id, withdrawn }: Grant): string =>
  `"${id}"${withdrawn === undefined ? '' : ` (withdrawn on ${withdrawn})`}`;

function contradicts(sole: Grant, other: Grant, bound: Bound): boolean {
  const since = bound.get(other.grantor);
  if (since === undefined) return false;
  return sole.grantor === other.grantor ? contradictsOwn(sole, other) : contradictsSold(sole, other, since);
}

const contradictsOwn = (sole: Grant, other: Grant): boolean =>
  other.exclusive
    ? sole.id < other.id && (takesFrom(sole, other) || takesFrom(other, sole)) && meet(sole, other)
    : sole.grantee !== other.grantee && takesFrom(sole, other) && meet(sole, other);

/** Who bought a title may permit what was kept to whom it is kept for, and is free where that is itself. */
const contradictsSold = (sole: Grant, other: Grant, since: number): boolean =>
  ![other.grantee, other.grantor].includes(sole.grantee) &&
  takesFrom(sole, other) &&
  meet(sole, other) &&
  Math.min(ends(sole), ends(other)) >= since;

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
