import { matchTitle, type NamedFile, plainName, titlesNaming } from './match.ts';
import type { Ledger } from './schema.ts';
import { concerns } from './scope.ts';
import { successorsIn } from './successors.ts';

/** Rows named for one film. */
const TOLD = 10;

/** What forbids or asks for something, row by row. */
const binding = (ledger: Ledger) => [
  ...ledger.restrictions.map((row) => ({ row, name: `restrictions/${row.id}` })),
  ...ledger.consents.flatMap((row) =>
    row.answer === 'refused' ? [{ row, name: `consents/${row.id}` }] : [],
  ),
  ...ledger.obligations.map((row) => ({ row, name: `obligations/${row.id}` })),
];

/** Ids of the titles that named a film in any version of the ledger, by the name or sha256 as it was written. */
export type EverNamed = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Films that are another title's than before, of which a ban, a refusal or an obligation of an earlier title does not speak any more: nobody
 * lifted it, so that is told. Between the two the film may have been of no title.
 */
export function movedWords(
  before: Ledger,
  now: Ledger,
  films: readonly NamedFile[],
  ever: EverNamed,
): string[] {
  const [successors, lostBetween] = [successorsIn(now.titles), lostIn(now)];
  return films.flatMap((film) => {
    const [was, to] = [matchTitle(before, film, films), matchTitle(now, film, films)];
    if (!('title' in to) || ('title' in was && was.title === to.title)) return [];
    const written = [film.sha256, ...[film.name, ...(film.also ?? [])].map(plainName)];
    const named = written.flatMap((name) => [...(ever.get(name) ?? [])]);
    return [...new Set([...titlesNaming(was), ...named])].flatMap((from) => {
      if (successors(from).includes(to.title)) return [];
      const lost = lostBetween(from, to.title);
      return lost.length === 0 ? [] : [wordsFor(film.name, from, to.title, lost)];
    });
  });
}

/** What of a ledger concerns one title and not another, looked up once for each two. */
function lostIn(ledger: Ledger): (from: string, to: string) => string[] {
  const [rows, known] = [binding(ledger), new Map<string, string[]>()];
  return (from, to) => {
    const key = JSON.stringify([from, to]);
    const found =
      known.get(key) ??
      rows.filter(({ row }) => concerns(row, from) && !concerns(row, to)).map(({ name }) => name);
    known.set(key, found);
    return found;
  };
}

function wordsFor(film: string, from: string, to: string, lost: readonly string[]): string {
  const more = lost.length > TOLD ? ` and ${lost.length - TOLD} more` : '';
  return `${film} was of ${from} and is of ${to}: what is forbidden or asked for of ${from} does not concern it any more (${lost.slice(0, TOLD).join(', ')}${more}); where it should, name ${to} in these rows too`;
}
