import { holdsRange, matchTitle, type NamedFile, plainName } from './match.ts';
import type { Appearance, Ledger, Material } from './schema.ts';

export type Place = Appearance | Material;

/** Where a row says that somebody or something is seen: a film, or a name that no catalogued film has. */
interface Spot {
  at: string;
  /** The title that the spot has by now; none: nobody can say. */
  title?: string | undefined;
  isCatalogued: boolean;
}

/** A ledger by which rows are looked up, and the catalogued films. */
interface Looked {
  stands: Ledger;
  films: readonly NamedFile[];
}

/** Places and titles of rows. */
export interface Spots {
  of: (file: string) => readonly Spot[];
  /** The title under which a row has to say what it says; its own where nobody can say. */
  titleFor: (row: Place) => string;
}

/** Films under the names and titles that they have by a ledger. Of a film that is not catalogued nothing but its name is known. */
export function spotsIn({ stands, films }: Looked): Spots {
  const byName = filmsByName(films);
  const titles = new Map(stands.titles.flatMap(({ id, files }) => files.map((f) => [plainName(f), id])));
  const spotOf = (film: NamedFile): Spot => {
    const match = matchTitle(stands, film, films);
    return { at: film.sha256, isCatalogued: true, ...('title' in match ? { title: match.title } : {}) };
  };
  const of = (file: string): Spot[] => {
    const name = plainName(file);
    const found = byName.get(name);
    return found?.map(spotOf) ?? [{ at: name, title: titles.get(name), isCatalogued: false }];
  };
  return { of, titleFor: ({ file, title }) => of(file).find((spot) => spot.title)?.title ?? title };
}

/** The films that a name or sha256 means. */
function filmsByName(films: readonly NamedFile[]): ReadonlyMap<string, readonly NamedFile[]> {
  const byName = new Map<string, NamedFile[]>();
  for (const film of films)
    for (const name of new Set([film.sha256, ...[film.name, ...(film.also ?? [])].map(plainName)]))
      pushTo(byName, name, film);
  return byName;
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** Whether everything that a row says is seen is still so by those rows that count for it. */
type IsSeen<P> = (row: P, counts: (now: P) => boolean) => boolean;

/**
 * Looks rows up by who or what they are of, and by film. Under another title than the film has, a row says nothing of it. Of a film that is
 * not catalogued, and that no title names any more, the row of the same id may correct the name.
 * @param whose what rows must have in common to be of the same party or thing
 */
export function seenAmong<P extends Place>(
  rows: readonly P[],
  whose: (row: P) => string,
  spots: Spots,
): IsSeen<P> {
  const there = new Map<string, P[]>();
  const keyOf = (row: P, { at }: Spot): string => JSON.stringify([whose(row), at]);
  for (const row of rows) for (const spot of spots.of(row.file)) pushTo(there, keyOf(row, spot), row);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const isHeld = (row: P, spot: Spot, counts: (now: P) => boolean): boolean => {
    const own = byId.get(row.id);
    const isRenamed =
      !spot.isCatalogued && spot.title === undefined && own !== undefined && whose(own) === whose(row);
    const found = [...(there.get(keyOf(row, spot)) ?? []), ...(isRenamed ? [own] : [])];
    return holdsPlaces(
      row,
      found.filter((now) => now.title === (spot.title ?? now.title) && counts(now)),
    );
  };
  return (row, counts) =>
    row.shots === 'none' || spots.of(row.file).every((spot) => isHeld(row, spot, counts));
}

function holdsPlaces({ shots }: Place, by: readonly Place[]): boolean {
  if (by.some((one) => one.shots === 'all')) return true;
  const ranges = by.flatMap((one) => (Array.isArray(one.shots) ? one.shots : []));
  return Array.isArray(shots) && shots.every((inner) => ranges.some((outer) => holdsRange(outer, inner)));
}
