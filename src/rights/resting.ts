import { type Claim, claimsOf, type Targets } from './claims.ts';
import { ever, type History, type Span } from './history.ts';
import { appearsIn, bearersOf, type NamedFile, plainName, type ShotSpan } from './match.ts';
import { narrowerUses, type Use, uses } from './uses.ts';

/** A catalogued film, by which its shots are known. */
export type FilmNamed = NamedFile & { id: string };
/** Where a shot lies. */
export type ShotPlace = { id: string; fileId: string } & ShotSpan;

/**
 * Shots that rest on a ledger row, and their films by sha256, each with the row through which. `people`: parties whose
 * replica rests on it, seen or not. `uses`: what the row can
 * have permitted, with all that those include; null: anything.
 */
export interface Resting {
  shots: Map<string, string>;
  films: Map<string, string>;
  people: Map<string, string>;
  uses: readonly Use[] | null;
  /**
   * Those of these shots, films, people and uses of which it is true by earlier versions of rows alone, with the number of the
   * recording from which on it was not: what was made by that one or a later does not rest on it.
   */
  ended: ReadonlyMap<string, number>;
  /** Those of these shots and films that rest on it by a name alone which other bytes bear too: which are meant nobody can say. */
  unsure: ReadonlySet<string>;
}

/** Whether something made by a recording rests on the row by this. @param by a shot, a film, somebody or a use of what does */
export const restsSince = ({ ended }: Pick<Resting, 'ended'>, by: string, recording: number): boolean =>
  recording < (ended.get(by) ?? Number.POSITIVE_INFINITY);

/** What the row can have permitted to what was made by a recording, or later. */
export const usesSince = (resting: Pick<Resting, 'ended' | 'uses'>, recording: number): Resting['uses'] =>
  resting.uses === null ? null : resting.uses.filter((use) => restsSince(resting, use, recording));

/** Films of which shots can rest on a row, by their ids: by all names of each, and by those of its names that no other bytes bear. */
export interface FilmsConcerned {
  byAny: Places;
  byOwn: Places;
}

type Places = ReadonlyMap<string, ReturnType<typeof placeOf>>;

/**
 * Those films whose titles rest on the row, or in which its people and materials are said to be seen.
 * @param files all of the catalogue
 */
export function filmsConcerned(
  history: History,
  targets: Targets,
  files: readonly FilmNamed[],
): FilmsConcerned {
  const claims = claimsOf(history, targets);
  const places = files
    .map((file) => placeOf(file, claims))
    .filter(({ whole, seen }) => whole.length + seen.length > 0);
  const bearers = bearersOf(files);
  const own = places.map((place) => {
    const named = apart(place.named, bearers);
    return named === place.named ? place : placeOf(named, claims);
  });
  return { byAny: placesOf(places), byOwn: placesOf(own) };
}

const placeOf = (named: FilmNamed, claims: ReturnType<typeof claimsOf>) => ({ named, ...claims(named) });

const placesOf = (places: readonly ReturnType<typeof placeOf>[]): Places =>
  new Map(places.map((place) => [place.named.id, place]));

/** A film by its sha256 and by those of its names that no other bytes bear. */
function apart(film: FilmNamed, bearers: ReturnType<typeof bearersOf>): FilmNamed {
  const { id, name, sha256, also = [] } = film;
  const all = [name, ...also];
  const own = all.filter((one) => bearers.get(plainName(one))?.size === 1);
  return own.length === all.length ? film : { id, sha256, name: own[0] ?? sha256, also: own.slice(1) };
}

/**
 * The shots that a withdrawal concerns, by fact and not by decision: a shot that another grant still clears, or that
 * was refused already, rests on the row all the same. So does one that did by an earlier version of the ledger (ADR 0165).
 * @param shots those of the films
 */
export function restingShots(
  history: History,
  targets: Targets,
  films: FilmsConcerned,
  shots: readonly ShotPlace[],
): Resting {
  const { byShot, byFilm } = claimed(films.byAny, shots);
  const sure = claimed(
    films.byOwn,
    shots.filter(({ id }) => byShot.has(id)),
  );
  const [people, permitted] = [replicasOf(history, targets), usesOf(history, targets)];
  return {
    ...{ shots: rowsOf(byShot), films: rowsOf(byFilm), people: rowsOf(people) },
    uses: permitted === null ? null : [...permitted.keys()],
    unsure: new Set(
      [...byShot.keys(), ...byFilm.keys()].filter((id) => !sure.byShot.has(id) && !sure.byFilm.has(id)),
    ),
    ended: new Map([
      ...endsOf(byShot),
      ...endsOf(byFilm),
      ...endsOf(people),
      ...endsOf(permitted ?? new Map()),
    ]),
  };
}

function claimed(films: Places, shots: readonly ShotPlace[]) {
  const [byShot, byFilm] = [new Map<string, Claim>(), new Map<string, Claim>()];
  for (const shot of shots) {
    const film = films.get(shot.fileId);
    if (!film) continue;
    const { named, whole, seen } = film;
    const claim = latest([...whole, ...seen.filter(({ row }) => appearsIn(row, named, shot))]);
    if (!claim) continue;
    byShot.set(shot.id, claim);
    byFilm.set(named.sha256, latest([claim, byFilm.get(named.sha256) ?? claim]) as Claim);
  }
  return { byShot, byFilm };
}

/** Of several the one that was in force last, the first of those. */
const latest = (claims: readonly Claim[]): Claim | undefined =>
  claims.reduce<Claim | undefined>((best, one) => (best && best.until >= one.until ? best : one), undefined);

const rowsOf = (claims: ReadonlyMap<string, Claim>): Map<string, string> =>
  new Map([...claims].map(([id, { by }]) => [id, by]));

const endsOf = (spans: ReadonlyMap<string, Pick<Span, 'until'>>): [string, number][] =>
  [...spans].flatMap(([id, { until }]): [string, number][] =>
    until === Number.POSITIVE_INFINITY ? [] : [[id, until]],
  );

/** Performers that a training can have named: the party and those for whom it consented, or a consent's party. */
function replicasOf({ consents }: History, { party = [], consent }: Targets): Map<string, Claim> {
  const own = party.map((id): Claim & { id: string } => ({ ...ever, id, by: `parties/${id}` }));
  const agreed = consents
    .filter(({ row }) => consent?.includes(row.id) ?? party.includes(row.givenBy ?? ''))
    .map(({ row, ...span }) => ({ ...span, id: row.party, by: `consents/${row.id}` }));
  const found = Map.groupBy([...own, ...agreed], ({ id }) => id);
  return new Map([...found].map(([id, claims]) => [id, latest(claims) as Claim]));
}

/** What the row can have permitted, each use with when it last did; null where every version of it permits all. */
function usesOf(history: History, { grant, consent }: Targets): Map<Use, Pick<Span, 'until'>> | null {
  const rows = [
    ...history.grants.filter(({ row }) => grant?.includes(row.id)),
    ...history.consents.filter(({ row }) => consent?.includes(row.id)),
  ];
  if (rows.every(({ row }) => row.uses === 'all')) return null;
  const found = new Map<Use, Pick<Span, 'until'>>();
  for (const { row, until } of rows)
    for (const use of row.uses === 'all' ? uses : row.uses.flatMap(narrowerUses))
      found.set(use, { until: Math.max(until, found.get(use)?.until ?? until) });
  return found;
}
