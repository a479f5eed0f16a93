import { replacedIn } from './changes.ts';
import {
  isBackward,
  isRow,
  listOf,
  type Problem,
  problem,
  type RecordedRows,
  type Row,
  rowsOf,
  type Section,
  shown,
  textOf,
} from './raw.ts';

/** Ids of those who represent a party, written as an id or with their time. */
export const representativesIn = ({ representedBy }: Record<string, unknown>): unknown[] =>
  listOf(representedBy).map((one) => (isRow(one) ? one.party : one));

/** A representative has one time, which does not end before it begins. */
export const representationProblems = (raw: unknown): Problem[] =>
  rowsOf(raw, 'parties').flatMap((row, i) => {
    const ids = representativesIn(row);
    return listOf(row.representedBy).flatMap((one, j) => {
      const path = ['parties', i, 'representedBy', j];
      const twice = ids.indexOf(ids[j]) < j;
      const { from, until } = isRow(one) ? one : {};
      return [
        ...(twice
          ? [problem(path, 'each representative once', `${shown(ids[j])} twice`, 'Keep one of them.')]
          : []),
        ...(isBackward(from, until)
          ? [problem([...path, 'until'], `an end after ${from}`, shown(until), 'Correct it.')]
          : []),
      ];
    });
  });

export function consentProblems(raw: unknown): Problem[] {
  const represented = new Map(rowsOf(raw, 'parties').map((p) => [p.id, representativesIn(p)]));
  return rowsOf(raw, 'consents').flatMap((row, i) => {
    const { answer, party, givenBy } = row;
    const stranger = textOf(givenBy) !== undefined && givenBy !== party && represented.has(party);
    return [
      ...['titles', 'uses'].flatMap((field) =>
        answer === 'given' && row[field] === 'all' ? [tooWide(i, field)] : [],
      ),
      ...(answer === 'refused' && row.withdrawn !== undefined ? [withdrawnRefusal(i)] : []),
      ...(stranger && !represented.get(party)?.includes(givenBy) ? [notRepresenting(i, givenBy, party)] : []),
    ];
  });
}

const tooWide = (i: number, field: string): Problem =>
  problem(
    ['consents', i, field],
    `a list of ${field}: a consent is given for something`,
    '"all"',
    'List them.',
  );

const withdrawnRefusal = (i: number): Problem =>
  problem(
    ['consents', i, 'withdrawn'],
    'no withdrawal of a refusal',
    'a refusal that is withdrawn',
    'Leave the refusal as it was, and add the consent as a row of its own that names it in lifts.',
  );

const notRepresenting = (i: number, by: unknown, party: unknown): Problem =>
  problem(
    ['consents', i, 'givenBy'],
    `the party or one who represents it`,
    shown(by),
    `Add it to representedBy of ${shown(party)}, or correct it.`,
  );

/** An approval that can free nothing: somebody would think that it did. */
export function approvalProblems(raw: unknown): Problem[] {
  const represented = new Map(rowsOf(raw, 'parties').map((p) => [p.id, representativesIn(p)]));
  const restrictions = new Map(rowsOf(raw, 'restrictions').map((row) => [row.id, row]));
  return rowsOf(raw, 'approvals').flatMap((row, i) => {
    const asks = restrictions.get(row.restriction);
    if (asks === undefined) return [];
    const { imposedBy, titles } = asks;
    const told = (field: string, expected: string, value: unknown) =>
      problem(
        ['approvals', i, field],
        expected,
        shown(value),
        'Correct it here or there: it would free nothing.',
      );
    if (asks.unless !== 'approved')
      return [told('restriction', 'a restriction with unless: approved', row.restriction)];
    if (imposedBy === undefined)
      return [told('restriction', 'a restriction that says who imposed it', row.restriction)];
    const may = row.by === imposedBy || represented.get(imposedBy)?.includes(row.by);
    const foreign = listOf(row.titles).filter((title) => Array.isArray(titles) && !titles.includes(title));
    return [
      ...(may || textOf(row.by) === undefined
        ? []
        : [told('by', 'who imposed it, or one who represents them', row.by)]),
      ...foreign.map((title) => told('titles', 'a title of the restriction', title)),
    ];
  });
}

/**
 * Where people or material are said to be seen: a file of the title, or one that was when the row was recorded and no other title names by now,
 * and ranges that are some.
 */
export function placeProblems(raw: unknown, recorded: RecordedRows = new Map()): Problem[] {
  const holder = holdersOf(raw);
  return (['appearances', 'casts', 'materials', 'inventories'] as const).flatMap((section) =>
    rowsOf(raw, section).flatMap((row, i) => {
      const { id, file, shots, status, note } = row;
      const isNowhere = shots === 'none' && !isListing(section);
      const was = recorded.get(`${section}/${id}`)?.file;
      return [
        ...(shots !== undefined && file === undefined && isListing(section) ? [placeless(section, i)] : []),
        ...(isNowhere ? [] : strangeFile([section, i], row, was, holder)),
        ...(isNowhere ? nowhereProblems([section, i], status, note) : []),
        ...listOf(shots).flatMap((range, j) => rangeProblems(range, [section, i, 'shots', j])),
      ];
    }),
  );
}

interface Holders {
  /** The files of each title. */
  files: ReadonlyMap<unknown, unknown[]>;
  /** The title that names a file. */
  titles: ReadonlyMap<unknown, unknown>;
}

function holdersOf(raw: unknown): Holders {
  const rows = rowsOf(raw, 'titles');
  const replaced = replacedIn('titles', rows);
  const stands = rows.filter(({ id }) => !replaced.has(textOf(id) ?? ''));
  return {
    files: new Map(rows.map((t) => [t.id, listOf(t.files)])),
    titles: new Map(stands.flatMap((t) => listOf(t.files).map((file) => [file, t.id]))),
  };
}

/** @param was the file that the row named when it was recorded */
function strangeFile(at: Problem['path'], { title, file }: Row, was: unknown, { files, titles }: Holders) {
  const known = files.get(title);
  if (known === undefined || textOf(file) === undefined || known.includes(file)) return [];
  const holder = titles.get(file);
  if (holder === undefined && was === file) return [];
  const remedy =
    holder === undefined || was !== file
      ? `Write it as the title does: ${known.map(shown).join(', ')}.`
      : `Name the title that it is of: ${shown(holder)}.`;
  return [problem([...at, 'file'], 'a file of the title', shown(file), remedy)];
}

/** That somebody or something is not seen after all is known for sure, and for a reason. A film that its title does not name any more may be meant. */
const nowhereProblems = (path: Problem['path'], status: unknown, note: unknown): Problem[] => [
  ...(status === 'confirmed'
    ? []
    : [problem([...path, 'status'], 'confirmed, where shots is none', shown(status), 'Correct it.')]),
  ...(note === undefined
    ? [problem([...path, 'note'], 'why it is seen nowhere', 'nothing', 'Say it in note.')]
    : []),
];

const isListing = (section: Section): boolean => section === 'casts' || section === 'inventories';

const placeless = (section: Section, i: number): Problem =>
  problem([section, i, 'file'], 'the file that the ranges are of', 'nothing', 'Name it, or leave shots out.');

function rangeProblems(range: unknown, path: Problem['path']): Problem[] {
  if (!isRow(range)) return [];
  const { in: start, out } = range;
  if (typeof start !== typeof out) {
    return [
      problem(path, 'in and out both as frames or both as timecodes', shown(range), 'Write both alike.'),
    ];
  }
  const empty = typeof start === 'number' && typeof out === 'number' ? out <= start : start === out;
  if (!empty || start === undefined) return [];
  return [
    problem(
      path,
      'an out after the in (out is the first frame after it)',
      shown(range),
      'Correct the range.',
    ),
  ];
}
