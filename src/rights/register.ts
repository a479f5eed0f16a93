import { createHash } from 'node:crypto';
import type { Context } from '../jobs/index.ts';
import { withoutReplaced } from './changes.ts';
import { append, importedOf, refuseUndoing } from './import.ts';
import { type CellKind, fieldsOf, readMapping, rowSchemas } from './mapping.ts';
import { findProblems } from './problems.ts';
import { type Problem, shown } from './raw.ts';
import { expectedBy } from './read.ts';
import { type CsvRecord, csvRecords, registerInvalid } from './register-csv.ts';
import { type Imported, type Ledger, ledgerSchema, type Mapping } from './schema.ts';
import { currentLedger, withdrawals } from './store.ts';
import { readText } from './text-file.ts';

/** Between the values of a cell that holds several. */
const SEPARATOR = /[;|]/;

/**
 * Adds the rows of a contract register to the ledger in force, or replaces those of the same id. All of them or
 * none.
 * @throws BacklotError `ledger-unreadable`, `mapping-invalid`, `register-invalid` (each problem with row and
 *   column), `ledger-undoes-withdrawal`
 */
export async function importRegister(context: Context, path: string, mappingPath: string): Promise<Imported> {
  const mapping = await readMapping(mappingPath);
  const { bytes, text } = await readText(path, 'a contract register (CSV)');
  const { columns, records } = csvRecords(text, path);
  const rows = records.map(({ cells }) => rowOf(cells, mapping));
  const current = await currentLedger(context.db);
  const document = merged(current?.document ?? ledgerSchema.parse({ version: 1 }), mapping, rows);
  const problems = [
    ...absentColumns(mapping, columns),
    ...records.flatMap((record, i) => recordProblems(record, rows[i] ?? {}, mapping)),
    ...twiceIn(records, rows),
    ...togetherProblems(document, records, rows, mapping),
  ];
  if (problems.length > 0) throw registerInvalid(path, problems);
  refuseUndoing(await withdrawals(context.db), document, path);
  const sha256 = createHash('sha256').update(bytes).update(JSON.stringify(mapping)).digest('hex');
  const next = withoutReplaced(document);
  const act = { what: 'rights.register', subject: path };
  const stored = await append(context, current, { sha256, source: path, document: next }, act);
  return importedOf(stored, stored.changes, false);
}

type Row = Record<string, unknown>;

/** A row as the ledger file would have it: empty cells are left out. */
function rowOf(cells: CsvRecord['cells'], { section, columns, values }: Mapping): Row {
  const kinds = fieldsOf(section);
  const read = Object.entries(columns).flatMap(([field, column]) => {
    const cell = cells[column] ?? '';
    return cell === '' ? [] : [[field, valueOfCell(cell, kinds.get(field)?.kind ?? 'text')]];
  });
  return { ...values, ...Object.fromEntries(read) };
}

function valueOfCell(cell: string, kind: CellKind): unknown {
  if (kind === 'flag') return /^(yes|true)$/i.test(cell) || (/^(no|false)$/i.test(cell) ? false : cell);
  if (kind === 'text' || cell === 'all') return cell;
  return cell.split(SEPARATOR).map((part) => part.trim());
}

function merged(ledger: Ledger, { section }: Mapping, rows: readonly Row[]): Ledger {
  const ids = new Set(rows.map(({ id }) => id));
  const kept: readonly { id: string }[] = ledger[section];
  return { ...ledger, [section]: [...kept.filter(({ id }) => !ids.has(id)), ...rows] } as Ledger;
}

const absentColumns = ({ columns }: Mapping, known: readonly string[]): string[] =>
  Object.entries(columns)
    .filter(([, column]) => !known.includes(column))
    .map(
      ([field, column]) => `row 1: expected the column ${JSON.stringify(column)} for ${field}, found none`,
    );

const told = (
  line: number,
  mapping: Mapping,
  field: string,
  expected: string,
  found: string,
  remedy: string,
) => {
  const column = mapping.columns[field];
  const where = column === undefined ? field : `column ${JSON.stringify(column)} (${field})`;
  return `row ${line}, ${where}: expected ${expected}, found ${found}. ${remedy}`;
};

function recordProblems({ line, cells }: CsvRecord, row: Row, mapping: Mapping): string[] {
  const odd = Object.entries(mapping.columns)
    .filter(([, column]) => isCode(cells[column] ?? ''))
    .map(([field, column]) =>
      told(line, mapping, field, 'plain text', shown(cells[column]), 'Remove the formula or the markup.'),
    );
  const { error } = rowSchemas[mapping.section].safeParse(row);
  const shape = (error?.issues ?? []).map((issue) => {
    const field = String(issue.path[0] ?? 'id');
    return told(line, mapping, field, expectedBy(issue), shown(row[field]), 'Correct it.');
  });
  return [...odd, ...shape];
}

/** What a spreadsheet would compute, or a page would draw. */
const isCode = (cell: string): boolean => /^[=+@]|^-(?!\d+([.,]\d+)?$)/.test(cell) || /<[a-z!/?]/i.test(cell);

function twiceIn(records: readonly CsvRecord[], rows: readonly Row[]): string[] {
  const first = new Map<unknown, number>();
  return rows.flatMap(({ id }, i) => {
    const [line, before] = [records[i]?.line ?? 0, first.get(id)];
    if (before === undefined) first.set(id, line);
    return before === undefined || id === undefined
      ? []
      : [
          `row ${line}: expected an id used once, found ${shown(id)}, which row ${before} has. Rename one of the two.`,
        ];
  });
}

/** What the rows say together with the ledger: told where a row of the register is concerned, or the ledger. */
function togetherProblems(
  document: Ledger,
  records: readonly CsvRecord[],
  rows: readonly Row[],
  mapping: Mapping,
): string[] {
  const offset = document[mapping.section].length - rows.length;
  return findProblems(document)
    .filter(({ path }) => path[2] !== 'id')
    .map(({ path, expected, found, remedy }: Problem) => {
      const [section, index] = path;
      const line = records[Number(index) - offset]?.line;
      if (section === mapping.section && line !== undefined) {
        return told(line, mapping, String(path[2]), expected, found, remedy);
      }
      return `the ledger in force, ${path.join('.')}: expected ${expected}, found ${found}. ${remedy}`;
    });
}
