import { eq } from 'drizzle-orm';
import { listFilesNamed } from '../catalog/index.ts';
import { type Db, tables } from '../db/index.ts';
import { matchTitle, names, plainName, titlesNaming } from './match.ts';
import type { LedgerTitle } from './schema.ts';
import { documentOf, rowsInForce } from './store.ts';

/**
 * A title as it comes back withdrawn, though it is in force no longer: without those of its files that are another's by now. Of those that
 * one is asked, and a ledger file could not name them in both. One in force stays as it is.
 */
export async function broughtBack(db: Db, title: LedgerTitle): Promise<LedgerTitle> {
  const ledger = documentOf(await rowsInForce(db, eq(tables.rightsRows.section, 'titles')));
  if (ledger.titles.some(({ id }) => id === title.id)) return title;
  const films = await listFilesNamed(db);
  const taken = films.filter((film) => titlesNaming(matchTitle(ledger, film, films)).length > 0);
  const written = new Set(ledger.titles.flatMap(({ files }) => files.map(plainName)));
  const isTaken = (file: string) => written.has(plainName(file)) || taken.some((film) => names(file, film));
  return { ...title, files: title.files.filter((file) => !isTaken(file)) };
}
