import type { Holdings } from './bulk.ts';
import { matchTitle, type NamedFile, namedOf } from './match.ts';
import type { Ledger } from './schema.ts';
import { type Placed, unplacedIn } from './unplaced.ts';

/** Rows of a whole ledger that name places which their catalogued films do not have, in words: a timecode typed wrong hides a person. */
export function unplacedWords(ledger: Ledger, { files, films }: Pick<Holdings, 'files' | 'films'>): string[] {
  const named = files.map(namedOf);
  const appearances = byFile(ledger.appearances);
  const materials = byFile(ledger.materials);
  return files.flatMap((catalogued) => {
    const [file, film] = [namedOf(catalogued), films.get(catalogued.id)];
    const match = matchTitle(ledger, file, named);
    if (!film || 'unknown' in match) return [];
    const own = { appearances: appearances(file), materials: materials(file) };
    return unplacedIn(own, match.title, file, film).map(({ row, message }) => `${row}: ${message}`);
  });
}

function byFile<T extends Placed>(rows: readonly T[]): (file: NamedFile) => T[] {
  const groups = Map.groupBy(rows, ({ file }) => file.normalize('NFC'));
  return ({ name, sha256 }) =>
    [name.normalize('NFC'), sha256].flatMap((written) => groups.get(written) ?? []);
}
