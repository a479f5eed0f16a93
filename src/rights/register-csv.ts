import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type CsvError, type Options, parse } from 'csv-parse';
import { brokenWords, cellStart, type ReadCell } from './register-broken.ts';
import { registerInvalid, toldOf } from './register-problems.ts';
import { decodedParts, unixBreaks, unreadable, wordsOfUnreadable } from './text-file.ts';

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
  const reading: Reading = { path, hears, broken: null };
  let columns: readonly string[] | null = null;
  let records: CsvRecord[] = [];
  for await (const record of recordsOf(reading)) {
    if (columns === null) columns = headings(record.cells, path);
    else records.push(record);
    if (columns === null || records.length < BLOCK) continue;
    yield { columns, records, broken: [] };
    records = [];
  }
  const broken = await brokenIn(reading, columns ?? []);
  yield { columns: columns ?? headings([], path, broken), records, broken };
}

interface Parsed {
  record: string[];
  info: { lines: number; records: number };
}

interface Reading {
  path: string;
  hears: Hears;
  /** The first thing that is no CSV, and the line of the last record before it. What comes after it nobody can tell. */
  broken: { error: CsvError; from: number } | null;
}

const options: Options = {
  ...{ bom: true, trim: true, skip_empty_lines: true, info: true, relax_column_count: true },
  ...{ record_delimiter: '\n', max_record_size: LONGEST, skip_records_with_error: true },
};

/** The records up to what is no CSV. */
async function* recordsOf(reading: Reading, to = -1): AsyncGenerator<CsvRecord> {
  const { path } = reading;
  await refuseSeparator(path);
  const { parser, stopped } = parserOf(reading, { to });
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (info.records > stopped.after) break;
      line = info.lines - breaksIn(record);
      yield { line, cells: record };
    }
  } catch (error) {
    throw unreadable(path, 'a contract register (CSV) in UTF-8', wordsOfUnreadable(error), error);
  }
  if (stopped.by) reading.broken = { error: stopped.by, from: line };
}

/** A parser of a register that is given no more of it once something is no CSV. */
function parserOf({ path, hears }: Pick<Reading, 'path' | 'hears'>, more: Options) {
  const parser = parse({ ...options, ...more });
  const stopped: { by: CsvError | null; after: number } = { by: null, after: Infinity };
  parser.on('skip', (error: CsvError) => {
    if (stopped.by === null) Object.assign(stopped, { by: error, after: parser.info.records });
  });
  async function* parts(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
    for await (const part of unixBreaks(decodedParts(source, hears))) {
      if (stopped.by !== null) return;
      yield part;
    }
  }
  // What it throws comes to the reader of the parser too.
  pipeline(createReadStream(path), parts, parser).catch(() => {});
  return { parser, stopped };
}

/** What is no CSV in the words of the register: it is read again up to there, now with the place of each cell. */
async function brokenIn({ path, broken }: Reading, columns: readonly string[]): Promise<string[]> {
  if (broken === null) return [];
  let last: ReadCell | null = null;
  const cast = (value: string, info: ReadCell) => {
    if (stopped.by === null) last = info;
    return value;
  };
  const { parser, stopped } = parserOf({ path, hears: () => {} }, {
    cast,
    from_line: broken.from,
  } as Options);
  for await (const _ of parser);
  const error = stopped.by ?? broken.error;
  return [brokenWords(error, cellStart(error, last), columns)];
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

function headings(cells: readonly string[], path: string, broken: readonly string[] = []): readonly string[] {
  if (broken.length > 0) throw registerInvalid(path, toldOf(broken));
  const twice = cells.find((name, i) => name === '' || cells.indexOf(name) !== i);
  if (cells.length > 0 && twice === undefined) return cells;
  const found = JSON.stringify(twice ?? 'nothing');
  throw registerInvalid(path, toldOf([`row 1: expected headings, each once, found ${found}`]));
}

/** The headings alone: no more than the first lines are read. */
export async function csvColumns(path: string): Promise<readonly string[]> {
  const reading: Reading = { path, hears: () => {}, broken: null };
  for await (const { cells } of recordsOf(reading, 1)) return headings(cells, path);
  return headings([], path, await brokenIn(reading, []));
}
