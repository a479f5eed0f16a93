import { firstRows } from './first-rows.ts';
import { housesOf } from './house.ts';
import { matchTitle, type NamedFile, plainName, titlesNaming } from './match.ts';
import { isOver } from './raw.ts';
import type { Grant, Ledger } from './schema.ts';
import { concerns } from './scope.ts';
import { type Spots, spotsIn } from './seen-places.ts';
import { successorsIn } from './successors.ts';

/** What forbids or asks for something, or keeps it for somebody else than the house alone, row by row. */
const binding = (ledger: Ledger) => [
  ...ledger.restrictions.map((row) => ({ row, name: `restrictions/${row.id}` })),
  ...ledger.consents.flatMap((row) =>
    row.answer === 'refused' ? [{ row, name: `consents/${row.id}` }] : [],
  ),
  ...ledger.obligations.map((row) => ({ row, name: `obligations/${row.id}` })),
  ...ledger.grants.flatMap((row) => (isForAnother(row, ledger) ? [{ row, name: `grants/${row.id}` }] : [])),
];

const isForAnother = (row: Grant, ledger: Ledger, now = Date.now()): boolean =>
  row.exclusive === true &&
  !isOver(row, now) &&
  row.grantee !== undefined &&
  !housesOf(ledger).includes(row.grantee);

/** Ids of the titles that named a film in any version of the ledger that was in force, by the name or sha256 as it was written. */
export type EverNamed = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Films that are another title's than before, of which a ban, a refusal, an obligation or a grant to somebody else alone of an earlier title does not speak any more: nobody
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

const wordsFor = (film: string, from: string, to: string, lost: readonly string[]): string =>
  `${film} was of ${from} and is of ${to}: what is forbidden or asked for of ${from}, or permitted to somebody else alone, does not concern it any more (${firstRows(lost)}); where it should, name ${to} in these rows too`;

/** Films that no title names any more, though rows say who or what is seen in them: of other films, such as a new master, these say nothing. */
export function adriftWords(before: Ledger, now: Ledger, films: readonly NamedFile[]): string[] {
  const [then, since] = [spotsIn({ stands: before, films }), spotsIn({ stands: now, films })];
  const isTitled = (spots: Spots, file: string) => spots.of(file).some(({ title }) => title !== undefined);
  const rows = (['appearances', 'materials'] as const).flatMap((section) =>
    now[section].flatMap(({ id, file, shots }) =>
      shots === 'none' ? [] : [{ file, name: `${section}/${id}` }],
    ),
  );
  return [...Map.groupBy(rows, ({ file }) => file)].flatMap(([file, own]) =>
    isTitled(since, file) || !isTitled(then, file)
      ? []
      : [
          adrift(
            file,
            own.map(({ name }) => name),
          ),
        ],
  );
}

const adrift = (file: string, rows: readonly string[]): string =>
  `${file} is of no title any more: who or what is seen in it (${firstRows(rows)}) is said of no other film; where it is seen in another, such as a new master, say so by rows of that one`;
