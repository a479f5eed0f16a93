import { basename } from 'node:path';
import type { FilmFacts } from '../catalog/index.ts';
import { type Ledger, type LedgerTitle, matchTitle, type NamedFile, titlesNaming } from '../rights/index.ts';
import type { FileRow } from './store.ts';

/** A film of the catalogue as a ledger can name it: by its base name, its bytes, or another name of these. */
export const namedFilm = ({ path, sha256, facts }: FileRow): NamedFile => ({
  name: basename(path),
  sha256,
  also: (facts as Partial<FilmFacts>).names,
});

/** Whose a film is by a ledger: the one title that names it, be it by a name that permits nothing; undefined: none or several do. */
export function titleNaming(
  ledger: Ledger,
  film: NamedFile,
  films: readonly NamedFile[],
): LedgerTitle | undefined {
  const [id, ...more] = titlesNaming(matchTitle(ledger, film, films));
  return more.length > 0 ? undefined : ledger.titles.find((title) => title.id === id);
}
