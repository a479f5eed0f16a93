import { canonical } from '../jobs/index.ts';
import { fieldWords } from './change-words.ts';
import { replacedIn } from './changes.ts';
import { liftedBy } from './lifting.ts';
import {
  isRow,
  listOf,
  problem,
  type RecordedRows,
  type Row,
  type Section,
  sections,
  textOf,
} from './raw.ts';
import type { FieldChange, LeftOut, Mapping } from './record-schema.ts';
import type { Ledger } from './schema.ts';

/** What a file may replace or lift without holding it: the rows in force, and those that they say they have replaced or lift. */
export function recordedIn(inForce: Ledger): RecordedRows {
  const rows = sections.flatMap((section) => inForce[section].map((row: Row) => ({ section, row })));
  const gone = rows.flatMap(({ section, row }): [string, Row][] => {
    const named = [...liftedBy(row), textOf(row.supersedes)].filter((id) => id !== undefined);
    return named.map((id) => [`${section}/${id}`, { id }]);
  });
  return new Map([
    ...gone,
    ...rows.map(({ section, row }): [string, Row] => [`${section}/${textOf(row.id)}`, row]),
  ]);
}

/** Rows of which an import tells what changed: the whole answer is held at once. */
export const LISTED_CHANGES = 10_000;

/** Fields, or parts of one, for which a register has a column or a value. */
export const heldBy = ({ columns, values }: Mapping): Set<string> =>
  new Set([...Object.keys(columns), ...Object.keys(values)]);

/** A row with what the row in force says where nobody was asked: in fields that a register has neither a column nor a value for, and of what a cell cannot say. */
export function keeping(row: Row, inForce: Row, held: ReadonlySet<string>): Row {
  const kept = Object.entries(inForce).flatMap(([field, value]) => {
    // A refusal lifts nothing.
    if (field === 'lifts' && row.answer === 'refused') return [];
    const merged = held.has(field) ? withTimes(value, row[field]) : keptOf(field, value, row[field], held);
    return merged === undefined ? [] : [[field, merged]];
  });
  return { ...row, ...Object.fromEntries(kept) };
}

/** A cell names who represents a party by the id alone: the time and the evidence of each stay. */
function withTimes(before: unknown, now: unknown): unknown {
  const known = listOf(before).filter(isRow);
  if (!Array.isArray(now) || known.length === 0) return undefined;
  return now.map((one) => known.find(({ party }) => party === one) ?? one);
}

/** Of evidence and identifiers each part has a column of its own. */
function keptOf(field: string, before: unknown, now: unknown, held: ReadonlySet<string>): unknown {
  const isHeld = (part: unknown) => held.has(`${field}.${part}`);
  if (isRow(before)) {
    const parts = Object.entries(before).filter(([part]) => !isHeld(part));
    const merged = { ...Object.fromEntries(parts), ...(isRow(now) ? now : {}) };
    return Object.keys(merged).length > 0 ? merged : undefined;
  }
  if (field !== 'ids') return before;
  const merged = [...(listOf(before) as Row[]).filter(({ scheme }) => !isHeld(scheme)), ...listOf(now)];
  if (sorted(merged) === sorted(listOf(before))) return before;
  return merged.length > 0 ? merged : undefined;
}

const sorted = (list: readonly unknown[]): string => list.map(canonical).sort().join();

/** What a row says otherwise than the one before it, field by field; null where it says nothing. */
export function fieldChanges(before: object, after: object): FieldChange[] {
  const [was, is] = [partsOf(before), partsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }))
    .filter((change) => !isSame(change.before, change.after));
}

/** Of a register that is imported again each field of each row is asked. */
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b));

const partsOf = (row: object): Map<string, unknown> =>
  new Map(
    Object.entries(row).flatMap(([field, value]) =>
      isRow(value)
        ? Object.entries(value).map(([part, inner]) => [`${field}.${part}`, inner] as const)
        : [[field, value] as const],
    ),
  );

/**
 * Rows of a file that others replace: none of them is in force.
 * @param ids of the file's rows
 * @param speaking rows of the section, those of the file among them
 */
export function leftOut(
  section: Section,
  ids: Pick<ReadonlySet<string>, 'has'>,
  speaking: readonly Row[],
): LeftOut['rows'] {
  const replaced = replacedIn(section, speaking);
  return speaking.flatMap(({ id, supersedes }) => {
    const [by, gone] = [textOf(id) ?? '', textOf(supersedes) ?? ''];
    if (!replaced.has(gone) || !ids.has(gone)) return [];
    return [{ row: `${section}/${gone}`, by: `${section}/${by}`, inForce: !ids.has(by) }];
  });
}

export const leftOutTold = (rows: LeftOut['rows']): LeftOut => ({
  count: rows.length,
  rows: rows.slice(0, LISTED_CHANGES),
});

/** The row in force that a row takes the place of: of its id, or the one that it names. */
export const replacedBy = (row: Row, inForce: ReadonlyMap<string, Row>): Row | undefined =>
  inForce.get(textOf(row.id) ?? '') ?? inForce.get(textOf(row.supersedes) ?? '');

/**
 * A row that would put another in the place of one in force, of which nobody said that it is meant.
 * @param held by the register, which says nothing of other fields
 */
export function replacingProblem(
  [section, i]: [Section, number],
  row: Row,
  inForce: Row,
  held: ReadonlySet<string>,
) {
  const fields = fieldChanges(inForce, keeping(row, inForce, held));
  const told = new Set(fields.map(({ field }) => field));
  const silent = fieldChanges(inForce, row).flatMap(({ field }) => (told.has(field) ? [] : [field]));
  return problem(
    [section, i, 'id'],
    `a new id, or what ${section}/${textOf(row.id)} in force says`,
    [...(fields.length > 0 ? [fieldWords(fields)] : []), ...silentWords(silent, held)].join('; '),
    'Give it an id of its own where it is something else, and name in supersedes the row that it replaces, if any. Where it is the same row as it stands today, import with --replace: what the register has no column for stays.',
  );
}

const silentWords = (fields: readonly string[], held: ReadonlySet<string>): string[] =>
  fields.length === 0
    ? []
    : [
        `nothing of ${fields.map((field) => (held.has(field) ? `the times in ${field}` : field)).join(', ')}, for which there is no column (with --replace they stay)`,
      ];
