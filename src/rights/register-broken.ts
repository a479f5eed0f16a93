import type { CsvError } from 'csv-parse';

/** What the parser knows when it has read a cell: the line where the cell ends, and blank lines so far. */
export interface ReadCell {
  lines: number;
  empty_lines: number;
}

/**
 * The line where the cell begins in which something is no CSV.
 * @param before the cell before it; null: there is none
 */
export function cellStart(error: CsvError, before: ReadCell | null): number {
  const { column, empty_lines: blank } = error as unknown as ReadCell & { column: number };
  if (before === null) return 1 + blank;
  return column > 0 ? before.lines : before.lines + 1 + blank - before.empty_lines;
}

const remedies = {
  close: 'Put a quote at its end; one within a quoted cell is written twice.',
  within: 'Put quotes around the whole cell, and write the one within twice.',
};

/** What is no CSV, where its cell begins. */
export function brokenWords(error: CsvError, line: number, columns: readonly string[]): string {
  const { column, lines } = error as unknown as { column: number; lines: number };
  const name = columns[column];
  const place = name === undefined ? `cell ${column + 1}` : `column ${JSON.stringify(name)}`;
  return `row ${line}, ${place}: ${faultWords(error, lines)} Rows after it were not read.`;
}

function faultWords({ code, message }: CsvError, line: number): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return `expected a quote that is closed again, found none up to the end of the file. ${remedies.close}`;
  if (code === 'CSV_INVALID_CLOSING_QUOTE' || code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') {
    const [, found] = /got ("[ -~]") at line/.exec(message) ?? [];
    return `expected a comma or the end of the row after the quote that closes it, found ${found ?? 'other text'} on line ${line}. ${remedies.close}`;
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    const most = /of (\d+)/.exec(message)?.[1];
    return `expected at most ${most} characters in a row, found more. Close the quote that opens here; without one this is another kind of file.`;
  }
  return `expected a quote at the beginning and the end of the cell, found one within it. ${remedies.within}`;
}
