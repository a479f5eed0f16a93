import { exclusiveProblems } from './exclusive-problems.ts';
import {
  approvalProblems,
  consentProblems,
  placeProblems,
  representationProblems,
  representativesIn,
} from './people-problems.ts';
import {
  isBackward,
  isRow,
  listOf,
  type Problem,
  problem,
  type RecordedRows,
  rowsOf,
  type Section,
  sections,
  textOf,
} from './raw.ts';
import {
  evidenceProblems,
  houseProblems,
  identifierProblems,
  replacementProblems,
} from './record-problems.ts';
import { replacedTitleProblems } from './replaced-titles.ts';
import { fileProblems, grantProblems, licenceProblems, shareProblems } from './title-problems.ts';

/** The ids that are known, by section. */
export type Ids = Readonly<Record<Section, ReadonlySet<string>>>;

/**
 * What the rows of a ledger say to each other and must not: ids twice, references to nothing, windows that
 * end before they begin, shares over the whole, circles, exclusive grants that meet. Works on the raw document, so that these are told
 * together with errors of shape.
 * @param recorded rows beside the document that it may replace
 */
export function findProblems(raw: unknown, recorded?: RecordedRows): Problem[] {
  const ids = idsIn(raw);
  return [
    ...sections.flatMap((section) => duplicateIds(raw, section)),
    ...sections.flatMap((section) => rowProblems(raw, section, ids)),
    ...shareProblems(raw),
    ...fileProblems(raw),
    ...placeProblems(raw, recorded),
    ...relationProblems(raw, recorded),
    ...replacedTitleProblems(raw),
    ...houseProblems(raw),
    ...exclusiveProblems(raw),
  ];
}

/**
 * What each row of a section says of rows of other sections: looked at one by one, so that the rows of a register
 * can be told a part at a time.
 * @param raw the rows, and of other sections those that they speak of
 * @param ids all that are known
 */
export const rowProblems = (raw: unknown, section: Section, ids: Ids): Problem[] => [
  ...unknownIds(raw, section, ids),
  ...backwardWindows(raw, section),
  ...evidenceProblems(raw, section),
  ...(section === 'parties' ? representationProblems(raw) : []),
  ...(section === 'grants' ? [...grantProblems(raw), ...licenceProblems(raw)] : []),
  ...(section === 'consents' ? consentProblems(raw) : []),
  ...(section === 'approvals' ? approvalProblems(raw) : []),
];

/** What rows of one section say of each other by their `representedBy`, `ids` and `supersedes`. */
export const relationProblems = (raw: unknown, recorded?: RecordedRows, around?: unknown): Problem[] => [
  ...circularParties(raw),
  ...identifierProblems(raw),
  ...replacementProblems(raw, recorded, around),
];

/** The ids of a document's rows. */
export const idsIn = (raw: unknown): Ids =>
  Object.fromEntries(sections.map((section) => [section, idsOf(raw, section)])) as Record<
    Section,
    Set<string>
  >;

const idsOf = (raw: unknown, section: Section): Set<string> =>
  new Set(rowsOf(raw, section).flatMap((row) => textOf(row.id) ?? []));

function duplicateIds(raw: unknown, section: Section): Problem[] {
  const seen = new Map<string, number>();
  return rowsOf(raw, section).flatMap((row, i) => {
    const id = textOf(row.id);
    if (id === undefined) return [];
    const first = seen.get(id) ?? i;
    seen.set(id, first);
    const found = `"${id}", which ${section}[${first}] has`;
    return first === i ? [] : problem([section, i, 'id'], 'an id used once', found, 'Rename one of the two.');
  });
}

/** Fields that name rows of another section. */
const references: readonly { section: Section; field: string; to: Section }[] = [
  { section: 'grants', field: 'grantor', to: 'parties' },
  { section: 'grants', field: 'grantee', to: 'parties' },
  { section: 'grants', field: 'titles', to: 'titles' },
  { section: 'restrictions', field: 'imposedBy', to: 'parties' },
  { section: 'restrictions', field: 'titles', to: 'titles' },
  { section: 'consents', field: 'party', to: 'parties' },
  { section: 'consents', field: 'givenBy', to: 'parties' },
  { section: 'consents', field: 'titles', to: 'titles' },
  { section: 'appearances', field: 'party', to: 'parties' },
  { section: 'appearances', field: 'title', to: 'titles' },
  { section: 'casts', field: 'title', to: 'titles' },
  { section: 'casts', field: 'by', to: 'parties' },
  { section: 'agreements', field: 'parties', to: 'parties' },
  { section: 'grants', field: 'materials', to: 'materials' },
  { section: 'materials', field: 'title', to: 'titles' },
  { section: 'materials', field: 'owner', to: 'parties' },
  { section: 'inventories', field: 'title', to: 'titles' },
  { section: 'inventories', field: 'by', to: 'parties' },
  { section: 'obligations', field: 'to', to: 'parties' },
  { section: 'obligations', field: 'titles', to: 'titles' },
  { section: 'approvals', field: 'restriction', to: 'restrictions' },
  { section: 'approvals', field: 'by', to: 'parties' },
  { section: 'approvals', field: 'titles', to: 'titles' },
  { section: 'policies', field: 'house', to: 'parties' },
];

function unknownIds(raw: unknown, section: Section, ids: Ids): Problem[] {
  const fields = references.filter((reference) => reference.section === section);
  const direct = rowsOf(raw, section).flatMap((row, i) =>
    fields.flatMap(({ field, to }) =>
      row[field] === 'all' ? [] : unknownIn(row[field], [section, i, field], to, ids),
    ),
  );
  if (section === 'parties') return [...direct, ...unknownRepresentatives(raw, ids)];
  return section === 'titles' ? [...direct, ...unknownOwners(raw, ids)] : direct;
}

function unknownIn(value: unknown, path: Problem['path'], to: Section, ids: Ids): Problem[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownIn(item, [...path, i], to, ids));
  const id = textOf(value);
  if (id === undefined || ids[to].has(id)) return [];
  return [problem(path, `the id of one of the ${to}`, `"${id}"`, `Add it to ${to}, or correct the id.`)];
}

const unknownRepresentatives = (raw: unknown, ids: Ids): Problem[] =>
  rowsOf(raw, 'parties').flatMap((row, i) =>
    representativesIn(row).flatMap((id, j) =>
      unknownIn(id, ['parties', i, 'representedBy', j], 'parties', ids),
    ),
  );

/** Fields of the lists in a title that name parties. */
const ownerFields = [
  ['shares', 'party'],
  ['chain', 'from'],
  ['chain', 'to'],
] as const;

const unknownOwners = (raw: unknown, ids: Ids): Problem[] =>
  rowsOf(raw, 'titles').flatMap((title, i) =>
    ownerFields.flatMap(([list, field]) =>
      listOf(title[list]).flatMap((item, j) =>
        isRow(item) ? unknownIn(item[field], ['titles', i, list, j, field], 'parties', ids) : [],
      ),
    ),
  );

function backwardWindows(raw: unknown, section: Section): Problem[] {
  return rowsOf(raw, section).flatMap((row, i) => {
    const { from, until } = row;
    if (!isBackward(from, until)) return [];
    const expected = `an end at or after the beginning, ${from}`;
    return problem([section, i, 'until'], expected, String(until), 'Correct from or until.');
  });
}

/** Each party that, followed through its representatives, comes back to itself. */
function circularParties(raw: unknown): Problem[] {
  const parties = rowsOf(raw, 'parties');
  const next = new Map<unknown, unknown[]>(parties.map((row) => [row.id, representativesIn(row)]));
  return parties.flatMap((row, i) => {
    if (!reaches(next, row.id, row.id)) return [];
    const found = `"${textOf(row.id)}" again at the end of the chain`;
    return problem(
      ['parties', i, 'representedBy'],
      'representatives without a circle',
      found,
      'Remove one of its links.',
    );
  });
}

function reaches(next: ReadonlyMap<unknown, unknown[]>, start: unknown, goal: unknown): boolean {
  const seen = new Set<unknown>();
  const open = [...(next.get(start) ?? [])];
  while (open.length > 0) {
    const at = open.pop();
    if (at === goal) return true;
    if (!seen.has(at)) open.push(...(next.get(at) ?? []));
    seen.add(at);
  }
  return false;
}
