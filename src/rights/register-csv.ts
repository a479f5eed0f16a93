import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { registerInvalid, toldOf } from './register-problems.ts';
import { decodedParts, unreadable, wordsOfUnreadable } from './text-file.ts';

/** A record of a register: its cells in the order of the headings, and the line where it begins, from 1. */
export interface CsvRecord {
  line: number;
  cells: readonly string[];
}

/** A part of a register, and what in it was no CSV. */
export interface CsvBlock {
  columns: readonly string[];
  records: readonly CsvRecord[];
  broken: readonly string[];
}

/** Told of each part of a file as it is read. */
export type Hears = (part: Buffer) => void;

/** Records that are looked at together: enough for a statement, few enough to be held. */
const BLOCK = 10_000;

/** Characters of one record. A longer one is a quote that nobody closed, or another kind of file. */
const LONGEST = 1_000_000;

/**
 * A CSV with a line of headings, a block of records at a time, so that its size does not count.
 * @param hears each part of its bytes as it is read
 * @throws BacklotError `ledger-unreadable`, `register-invalid` where the headings are no headings
 */
export async function* csvBlocks(path: string, hears: Hears = () => {}): AsyncGenerator<CsvBlock> {
  const broken: string[] = [];
  let columns: readonly string[] | null = null;
  let records: CsvRecord[] = [];
  for await (const record of recordsOf(path, hears, broken)) {
    if (columns === null) columns = headings(record.cells, path);
    else records.push(record);
    if (columns === null || records.length < BLOCK) continue;
    yield { columns, records, broken: broken.splice(0) };
    records = [];
  }
  yield { columns: columns ?? headings([], path), records, broken };
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/** @param broken takes what could not be read; the rows up to there are told all the same */
async function* recordsOf(path: string, hears: Hears, broken: string[], to = -1): AsyncGenerator<CsvRecord> {
  await refuseSeparator(path);
  const parser = parse({
    ...{ bom: true, trim: true, skip_empty_lines: true, info: true, relax_column_count: true },
    ...{ max_record_size: LONGEST, to, skip_records_with_error: true },
  });
  parser.on('skip', (error: CsvError) => {
    if (parser.info.records === 0) parser.destroy(error);
    broken.push(`${error.message}. Rows after it may not have been read.`);
  });
  // What it throws comes to the reader of the parser too.
  pipeline(createReadStream(path), (parts) => decodedParts(parts, hears), parser).catch(() => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>)
      yield { line: info.lines - breaksIn(record), cells: record };
  } catch (error) {
    if (error instanceof CsvError) throw registerInvalid(path, toldOf(broken));
    throw unreadable(path, 'a contract register (CSV) in UTF-8', wordsOfUnreadable(error), error);
  }
}

/** Enough for a line of headings. */
const HEAD_BYTES = 65_536;

/** Spreadsheets write other separators where a comma stands in numbers; taken for one cell, the row of headings would tell nobody why. */
async function refuseSeparator(path: string): Promise<void> {
  const line = (await headOf(path)).split(/[\r\n]/).find((one) => one.trim() !== '') ?? '';
  const bare = line.replace(/"[^"]*"/g, '');
  if (bare.includes(',')) return;
  const found = bare.includes(';') ? 'semicolons' : bare.includes('\t') ? 'tabs' : null;
  if (found === null) return;
  const remedy =
    'Save it as CSV whose cells a comma parts (in a spreadsheet: export, separator), with quotes around cells that hold one.';
  throw registerInvalid(
    path,
    toldOf([`row 1: expected commas between the cells, found ${found}. ${remedy}`]),
  );
}

/** What cannot be read is told by who reads it whole. */
async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (file === null) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}

/** The parser counts a record by its last line. */
const breaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);

function headings(cells: readonly string[], path: string): readonly string[] {
  const twice = cells.find((name, i) => name === '' || cells.indexOf(name) !== i);
  if (cells.length > 0 && twice === undefined) return cells;
  const found = JSON.stringify(twice ?? 'nothing');
  throw registerInvalid(path, toldOf([`row 1: expected headings, each once, found ${found}`]));
}

/** The headings alone: no more than the first lines are read. */
export async function csvColumns(path: string): Promise<readonly string[]> {
  for await (const { cells } of recordsOf(path, () => {}, [], 1)) return headings(cells, path);
  return headings([], path);
}
