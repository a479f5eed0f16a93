import { type CellKind, fieldsOf, rowSchemas } from './mapping.ts';
import { codeIn, isCode } from './plain-text.ts';
import { type Problem, type Row, shown } from './raw.ts';
import { expectedBy } from './read.ts';
import type { CsvRecord } from './register-csv.ts';
import { registerInvalid, toldOf } from './register-problems.ts';
import type { Mapping } from './schema.ts';
import { valueProblems } from './value-problems.ts';

/** Between the values of a cell that holds several. */
const SEPARATOR = /[;|]/;

/** A record as the ledger file would have it, with the line where it stands. */
export interface RegisterRow {
  line: number;
  row: Row;
}

/** Where a field stands in each record. */
interface Place {
  field: string;
  at: number;
  kind: CellKind;
}

/** Reads records by a mapping; what does not change from record to record is worked out once. */
export interface RowReader {
  rowOf: (record: CsvRecord) => RegisterRow;
  /** Whether it has as many cells as there are headings: in others nobody knows which cell is which. */
  isWhole: (record: CsvRecord) => boolean;
  cellsProblem: (record: CsvRecord) => string;
  /** What is wrong with a whole record by itself. */
  problemsOf: (record: CsvRecord, row: Row) => string[];
  /** A problem of the row's, in the words of the register. */
  told: (at: RegisterRow, problem: Problem) => string;
}

export function rowReader(mapping: Mapping, columns: readonly string[]): RowReader {
  const kinds = fieldsOf(mapping.section);
  const places = Object.entries(mapping.columns).map(([field, column]) => ({
    ...{ field, at: columns.indexOf(column) },
    kind: kinds.get(field)?.kind ?? 'text',
  }));
  const others = columns.flatMap((column, at) =>
    places.some((place) => place.at === at) ? [] : [{ column, at }],
  );
  const tellAt = (line: number, field: string, problem: Omit<Problem, 'path'>) =>
    toldAt(line, whereOf(field, mapping.columns[field]), problem);
  return {
    rowOf: ({ line, cells }) => ({ line, row: rowOf(cells, places, mapping.values) }),
    isWhole: ({ cells }) => cells.length === columns.length,
    cellsProblem: ({ line, cells }) => lengthProblem(line, cells, columns, mapping),
    problemsOf: ({ line, cells }, row) => [
      ...places.flatMap(({ field, at, kind }) => {
        const code = textsOf(cells[at] ?? '', kind).find(isCode);
        return code === undefined ? [] : [tellAt(line, field, codeIn(code))];
      }),
      ...others.flatMap(({ column, at }) => {
        const cell = cells[at] ?? '';
        return isCode(cell) ? [toldAt(line, `column ${JSON.stringify(column)}`, codeIn(cell))] : [];
      }),
      ...shapeProblems(row, mapping).map(({ field, problem }) => tellAt(line, field, problem)),
    ],
    told: ({ line, row }, problem) => tellAt(line, fieldAt(problem.path.slice(2), row), problem),
  };
}

/** @throws BacklotError `register-invalid` where the mapping names columns that the register lacks */
export function refuseAbsent(
  { columns: known }: { columns: readonly string[] },
  { columns }: Mapping,
  path: string,
): void {
  const absent = Object.entries(columns).filter(([, column]) => !known.includes(column));
  const words = absent.map(
    ([field, column]) => `row 1: expected the column ${JSON.stringify(column)} for ${field}, found none`,
  );
  if (words.length > 0) throw registerInvalid(path, toldOf(words));
}

/** Empty cells are left out. */
function rowOf(cells: readonly string[], places: readonly Place[], values: Row): Row {
  const row: Row = { ...values };
  for (const { field, at, kind } of places) {
    const cell = cells[at] ?? '';
    if (cell !== '') put(row, field, valueOfCell(cell, kind));
  }
  return row;
}

/** `evidence.page` is a field of the row's evidence, `ids.ISNI` one of its identifiers. */
function put(row: Row, field: string, value: unknown): void {
  const [outer = '', inner] = field.split('.');
  if (inner === undefined) row[outer] = value;
  else if (outer === 'ids') row.ids = [...((row.ids as unknown[]) ?? []), { scheme: inner, value }];
  else row[outer] = { ...(row[outer] as Row), [inner]: value };
}

/** What a ledger would hold of a cell, and the whole of it: a spreadsheet reads the cell, a ledger each of its values. */
const textsOf = (cell: string, kind: CellKind): string[] =>
  kind === 'list' && SEPARATOR.test(cell) ? [cell, ...cell.split(SEPARATOR)] : [cell];

function valueOfCell(cell: string, kind: CellKind): unknown {
  if (kind === 'flag') return /^(yes|true)$/i.test(cell) || (/^(no|false)$/i.test(cell) ? false : cell);
  if (kind === 'number') return /^\d+$/.test(cell) ? Number(cell) : cell;
  if (kind === 'text' || cell === 'all') return cell;
  return cell.split(SEPARATOR).map((part) => part.trim());
}

const whereOf = (field: string, column: string | undefined): string =>
  column === undefined ? field : `column ${JSON.stringify(column)} (${field})`;

const toldAt = (line: number, where: string, { expected, found, remedy }: Omit<Problem, 'path'>): string =>
  `row ${line}, ${where}: expected ${expected}, found ${found}. ${remedy}`;

/** Where the first cell too many stands, or the first column that has none. */
function lengthProblem(
  line: number,
  cells: readonly string[],
  columns: readonly string[],
  { columns: mapped }: Mapping,
): string {
  const counted = `expected ${columns.length} cells, found ${cells.length}`;
  const remedy = 'Put quotes around a cell that holds a comma.';
  const over = cells[columns.length];
  if (over !== undefined)
    return `row ${line}, cell ${columns.length + 1}: ${counted}, of which ${shown(over)} is the first too many. ${remedy}`;
  const column = columns[cells.length] ?? '';
  const [field] = Object.entries(mapped).find(([, name]) => name === column) ?? [];
  const where = `column ${JSON.stringify(column)}${field === undefined ? '' : ` (${field})`}`;
  return `row ${line}, ${where}: ${counted}: none for this column. Add what is missing, or the comma.`;
}

function shapeProblems(row: Row, { section }: Mapping) {
  const { error } = rowSchemas[section].safeParse(row);
  const values = valueProblems({ [section]: [row] }, section).map((problem) => ({
    field: fieldAt(problem.path.slice(2), row),
    problem,
  }));
  const shapes = (error?.issues ?? []).map((issue) => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    const found = shown(path.reduce<unknown>((at, key) => (at as Row | undefined)?.[key], row));
    const field = fieldAt(path, row);
    return { field, problem: { expected: expectedBy(issue), found, remedy: 'Correct it.' } };
  });
  return [...shapes, ...values];
}

/** The field that a path within a row leads to, as mappings call it. */
function fieldAt(path: readonly (string | number)[], row: Row): string {
  const [outer = 'id', inner] = path;
  if ((outer === 'evidence' || outer === 'fulfilled') && typeof inner === 'string')
    return `${outer}.${inner}`;
  const one = outer === 'ids' && typeof inner === 'number' ? (row.ids as Row[] | undefined)?.[inner] : null;
  return one ? `ids.${String(one.scheme)}` : String(outer);
}
