import {
  bearersOf,
  type Ledger,
  type LedgerTitle,
  matchTitle,
  type NamedFile,
  namedOf,
  plainName,
  titlesNaming,
} from '../rights/index.ts';
import type { FileRow } from './store.ts';

/**
 * Films by their ids, each known by its other names as far as no other bytes were found under one: that would be either's.
 * @param named how one row is named
 */
export function apart(
  rows: readonly FileRow[],
  named: (row: FileRow) => NamedFile = namedOf,
): ReadonlyMap<string, NamedFile> {
  const films = new Map(rows.map((row) => [row.id, named(row)]));
  const bearers = bearersOf([...films.values()]);
  const isOwn = (name: string): boolean => bearers.get(plainName(name))?.size === 1;
  return new Map(
    [...films].map(([id, film]) => [id, film.also ? { ...film, also: film.also.filter(isOwn) } : film]),
  );
}

/** Whose a film is by a ledger: the one title that names it, be it by a name that permits nothing; undefined: none or several do. */
export function titleNaming(
  ledger: Ledger,
  film: NamedFile,
  films: readonly NamedFile[],
): LedgerTitle | undefined {
  const [id, ...more] = titlesNaming(matchTitle(ledger, film, films));
  return more.length > 0 || id === undefined ? undefined : titlesById(ledger).get(id);
}

/** Once for each ledger: asked of each film, shot and take. */
const known = new WeakMap<Ledger, ReadonlyMap<string, LedgerTitle>>();

function titlesById(ledger: Ledger): ReadonlyMap<string, LedgerTitle> {
  const titles = known.get(ledger) ?? new Map(ledger.titles.map((title) => [title.id, title]));
  known.set(ledger, titles);
  return titles;
}
