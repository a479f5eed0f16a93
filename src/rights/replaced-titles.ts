import { replacedIn } from './changes.ts';
import {
  isOver,
  listOf,
  type Problem,
  problem,
  type Row,
  rowsOf,
  type Section,
  shown,
  textOf,
} from './raw.ts';
import { statedHouse } from './record-problems.ts';
import { type Successors, successorsIn } from './successors.ts';

const forbidding: readonly Section[] = ['restrictions', 'consents', 'obligations'];
const seen: readonly Section[] = ['appearances', 'materials'];

/**
 * Rows that forbid, ask for something or say who and what is seen in a title that another replaces, and do not name that one: they would
 * be about no film any more. A row that permits may do so: it permits nothing then.
 */
export function replacedTitleProblems(raw: unknown): Problem[] {
  const titles = rowsOf(raw, 'titles');
  if (titles.every(({ supersedes }) => supersedes === undefined)) return [];
  const successors = successorsIn(titles);
  const house = statedHouse(raw);
  return [...forbidding, ...seen, 'grants' as const].flatMap((section) => {
    const rows = rowsOf(raw, section);
    const gone = replacedIn(section, rows);
    return rows.flatMap((row, i) =>
      gone.has(textOf(row.id) ?? '') ||
      row.answer === 'given' ||
      (section === 'grants' && !isSole(row, house))
        ? []
        : missing(section, i, row, successors),
    );
  });
}

/** What is permitted to somebody else alone keeps the house off. */
const isSole = (row: Row, house: string | undefined, now = Date.now()): boolean =>
  row.exclusive === true && !isOver(row, now) && ![undefined, house].includes(textOf(row.grantee));

function missing(section: Section, i: number, row: Row, successors: Successors): Problem[] {
  const isPlace = seen.includes(section);
  const field = isPlace ? 'title' : 'titles';
  const named = (isPlace ? [row.title] : listOf(row.titles)).flatMap((id) => textOf(id) ?? []);
  return named.flatMap((id) => {
    const now = successors(id).filter((one) => !named.includes(one));
    if (now.length === 0) return [];
    const remedy = isPlace ? 'Name that one.' : 'Name both: the row would else be about no film any more.';
    const expected = `${now.map(shown).join(' and ')}, which ${now.length === 1 ? 'replaces' : 'replace'} ${shown(id)}`;
    return [problem([section, i, field], expected, shown(row[field]), remedy)];
  });
}
