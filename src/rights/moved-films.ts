import { matchTitle, type NamedFile, titlesNaming } from './match.ts';
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

/**
 * Films that are another title's than before, of which a ban, a refusal or an obligation of the old title does not speak any more: nobody
 * lifted it, so that is told.
 */
export function movedWords(before: Ledger, now: Ledger, films: readonly NamedFile[]): string[] {
  const rows = binding(now);
  const successors = successorsIn(now.titles);
  return films.flatMap((film) => {
    const to = matchTitle(now, film, films);
    if (!('title' in to)) return [];
    return titlesNaming(matchTitle(before, film, films)).flatMap((from) => {
      if (successors(from).includes(to.title)) return [];
      const lost = rows.filter(({ row }) => concerns(row, from) && !concerns(row, to.title));
      return lost.length === 0
        ? []
        : [
            wordsFor(
              film.name,
              from,
              to.title,
              lost.map(({ name }) => name),
            ),
          ];
    });
  });
}

function wordsFor(film: string, from: string, to: string, lost: readonly string[]): string {
  const more = lost.length > TOLD ? ` and ${lost.length - TOLD} more` : '';
  return `${film} was of ${from} and is of ${to}: what is forbidden or asked for of ${from} does not concern it any more (${lost.slice(0, TOLD).join(', ')}${more}); where it should, name ${to} in these rows too`;
}
