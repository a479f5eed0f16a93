import { parse } from 'csv-parse/sync';
import { BacklotError, messageOf } from '../contract/index.ts';

/** A row of a table, and the line where it ends, from 1. Rows may be shorter or longer than the first. */
export interface TableRow {
  cells: string[];
  line: number;
}

/**
 * Reads a table as production offices write them: its separator is the one that its first line has most of, outside quotes.
 * @throws BacklotError `table-unreadable`, naming the separator
 */
export function readTable(text: string): TableRow[] {
  const delimiter = separatorOf(text);
  try {
    const rows = parse(text, {
      ...{ bom: true, trim: true, delimiter, record_delimiter: ['\r\n', '\n', '\r'] },
      ...{ skip_empty_lines: true, relax_column_count: true, info: true },
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    throw unreadableTable(names[delimiter], error);
  }
}

type Separator = ',' | ';' | '\t';
const names: Record<Separator, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };

/** What separates the columns of a table. */
export function separatorOf(text: string): Separator {
  const heading = /^[^\r\n]*\S[^\r\n]*/m.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const count = (mark: Separator) => heading.split(mark).length;
  return (Object.keys(names) as Separator[]).reduce((best, mark) =>
    count(mark) > count(best) ? mark : best,
  );
}

const unreadableTable = (marks: string, error: unknown) =>
  new BacklotError(
    'table-unreadable',
    {
      expected: `a table separated by ${marks}, as its first line is`,
      where: 'table',
      found: messageOf(error),
      remedy: 'Correct that line, or write the table again with every cell in quotes.',
    },
    error,
  );
