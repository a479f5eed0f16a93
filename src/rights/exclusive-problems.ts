import type { Papers } from './acting.ts';
import { successorsOf } from './chain.ts';
import { type Bound, contradicts, countsBy, type Terms, termsOf } from './exclusive-terms.ts';
import { papersIn } from './papers.ts';
import { type Problem, problem, type Row, rowsOf, textOf } from './raw.ts';
import { statedHouse } from './record-problems.ts';
import { type Grant, grantSchema, type Ledger, type LedgerTitle, titleSchema } from './schema.ts';

/** A grant in its document, with the place of a title in it. */
interface Placed {
  terms: Terms;
  i: number;
  j: number;
  /** Whether it meets another here and at another place in the same title. */
  isManifold: boolean;
}

/** All that is permitted of a title, or of one thing of others in it. */
interface Place {
  title: string;
  material: string | null;
  grants: Placed[];
}

/** Two grants that contradict each other. */
export interface Conflict {
  title: string;
  sole: Placed;
  other: Placed;
}

/** What tells who came to own a title after whom, and when something was permitted. */
type Deeds = Papers & { titles: readonly Pick<LedgerTitle, 'id' | 'chain'>[] };

/**
 * An owner who permits something to one alone cannot permit it to another: two exclusive grants that meet, or
 * an exclusive one and one to somebody else. They also meet where one permits what the other includes (ADR 0078).
 * Nor can who came to own the title after that (ADR 0173).
 * @param now milliseconds since 1970: what is withdrawn by then is settled, what will be counts until then
 */
export function exclusiveProblems(raw: unknown, now = Date.now()): Problem[] {
  const rows = rowsOf(raw, 'grants');
  if (!rows.some(({ exclusive }) => exclusive === true)) return [];
  const finder = exclusiveFinder(raw, now);
  for (const [i, row] of rows.entries()) finder.add(row, i);
  return onceEach([...finder.conflicts()].map(conflictProblem));
}

/** Takes grants one after another and holds their terms alone: a register may be larger than memory. */
export interface ExclusiveFinder {
  add: (row: Row, i: number) => void;
  conflicts: () => Iterable<Conflict>;
}

/** @param beside titles, agreements and policies, in a document of any shape */
export function exclusiveFinder(beside: unknown, now = Date.now()): ExclusiveFinder {
  const [house, deeds, held] = [statedHouse(beside), deedsIn(beside), holder()];
  const places = new Map<string, Place>();
  const replaced = new Set<string>();
  const add = (row: Row, i: number) => {
    if (textOf(row.supersedes) !== undefined) replaced.add(String(row.supersedes));
    const grant = grantSchema.safeParse({ grantee: house, ...row }).data;
    if (!grant || !countsBy(grant, now)) return;
    const terms = held(termsOf(grant, deeds));
    for (const { j, title, material } of byTitle(grant)) {
      const isManifold = material !== null || grant.titles.indexOf(title) !== grant.titles.lastIndexOf(title);
      placeOf(places, title, material).grants.push({ terms, i, j, isManifold });
    }
  };
  return { add, conflicts: () => conflictsAmong(places.values(), replaced, binder(deeds)) };
}

function placeOf(places: Map<string, Place>, title: string, material: string | null): Place {
  const key = material === null ? title : JSON.stringify([title, material]);
  const place = places.get(key) ?? { title, material, grants: [] };
  places.set(key, place);
  return place;
}

/** Rows of a register say the same again and again: it is held once. */
function holder(): (terms: Terms) => Terms {
  const known = new Map<string, unknown>();
  const once = <T>(value: T): T => {
    if (value === undefined) return value;
    const key = JSON.stringify(value);
    const first = known.get(key) ?? value;
    known.set(key, first);
    return first as T;
  };
  return (terms) => {
    const { grantor, grantee, territories, models } = terms;
    const both = { territories: once(territories), models: once(models) };
    return { ...terms, ...both, grantor: once(grantor), grantee: once(grantee) };
  };
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
function binder(deeds: Deeds): (sole: Terms, place: Pick<Place, 'title' | 'material'>) => Bound {
  const titles = new Map(deeds.titles.map((title) => [title.id, title]));
  return ({ grantor, signed }, { title, material }) => {
    const sold = material === null ? titles.get(title) : undefined;
    const after = sold ? successorsOf(sold, grantor, signed) : [];
    return new Map([...after, [grantor, -Infinity]]);
  };
}

type Binder = ReturnType<typeof binder>;

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
  const [places, bound, terms] = [byTitle(asked), binder(ledger), termsOf(asked, ledger)];
  return ledger.grants
    .filter((sole) => sole.exclusive && sole.grantee && countsBy(sole, now))
    .flatMap((grant) => byTitle(grant).map((at) => ({ grant, at })))
    .filter(({ at }) => places.some(({ title, material }) => title === at.title && material === at.material))
    .some(({ grant, at }) => {
      const sole = termsOf(grant, ledger);
      return contradicts(sole, terms, bound(sole, at));
    });
}

/** A licence for several things of others meets one for any of them. */
const byTitle = ({ titles, materials }: Grant): { title: string; j: number; material: string | null }[] =>
  titles.flatMap((title, j) => (materials ?? [null]).map((material) => ({ j, title, material })));

function* conflictsAmong(
  places: Iterable<Place>,
  replaced: ReadonlySet<string>,
  bound: Binder,
): Generator<Conflict> {
  const told = new Set<string>();
  const isTold = (conflict: Conflict): boolean => {
    const words = JSON.stringify(conflictProblem(conflict));
    const known = told.has(words);
    told.add(words);
    return known;
  };
  for (const place of places)
    for (const conflict of conflictsIn(place, replaced, bound))
      if (!mayRepeat(conflict) || !isTold(conflict)) yield conflict;
}

const mayRepeat = ({ sole, other }: Conflict): boolean => sole.isManifold || other.isManifold;

function* conflictsIn(place: Place, replaced: ReadonlySet<string>, bound: Binder): Generator<Conflict> {
  const grants = place.grants.filter(({ terms }) => !replaced.has(terms.id));
  for (const sole of grants.filter(({ terms }) => terms.isSole)) {
    const parties = bound(sole.terms, place);
    for (const other of grants)
      if (other.terms.id !== sole.terms.id && contradicts(sole.terms, other.terms, parties))
        yield { title: place.title, sole, other };
  }
}

/** Told of the later row: what came after another was written beside it. */
export function conflictProblem({ title, sole, other }: Conflict): Problem {
  const { i, j } = sole.i > other.i ? sole : other;
  const [seller, buyer] = [sole.terms.grantor, other.terms.grantor];
  const isSold = seller !== buyer;
  return problem(
    ['grants', i, 'titles', j],
    `nothing that ${seller} permits by the exclusive grant ${named(sole.terms)}${isSold ? `, which goes on after ${title} came to ${buyer}` : ''}`,
    `the same permitted by ${named(other.terms)}`,
    isSold
      ? 'Narrow or withdraw one of the two, or let one to the same for less replace it; where the sale ended the first, its until is the day before the sale; where it was given after the sale, its agreement must say on which day it was signed.'
      : 'Narrow or withdraw one of the two, or let one to the same for less replace it.',
  );
}

const named = ({ id, withdrawn }: Pick<Terms, 'id' | 'withdrawn'>): string =>
  `"${id}"${withdrawn === undefined ? '' : ` (withdrawn on ${withdrawn})`}`;

const onceEach = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((one) => [JSON.stringify(one), one])).values(),
];
