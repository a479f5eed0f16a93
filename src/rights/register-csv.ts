import { parse } from 'csv-parse/sync';
import { BacklotError, messageOf } from '../contract/index.ts';

/** A line of a register: its cells by column and where it begins, counted from 1. */
export interface CsvRecord {
  line: number;
  cells: Record<string, string>;
}

/**
 * The records of a CSV with a line of headings.
 * @throws BacklotError `register-invalid`
 */
export function csvRecords(text: string, path: string): { columns: string[]; records: CsvRecord[] } {
  const [head, ...lines] = parsed(text, path);
  const columns = head?.record ?? [];
  const twice = columns.find((name, i) => name === '' || columns.indexOf(name) !== i);
  if (columns.length === 0 || twice !== undefined) {
    throw registerInvalid(path, [
      `row 1: expected headings, each once, found ${JSON.stringify(twice ?? 'nothing')}`,
    ]);
  }
  const records = lines.map(({ record, info }) => ({
    line: info.lines,
    cells: Object.fromEntries(columns.map((name, i) => [name, record[i] ?? ''])),
  }));
  return { columns, records };
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

function parsed(text: string, path: string): Parsed[] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, info: true }) as unknown as Parsed[];
  } catch (error) {
    throw registerInvalid(path, [messageOf(error)]);
  }
}

/** Problems that are told; a register of a million rows may have as many. */
const TOLD = 100;

export function registerInvalid(where: string, problems: readonly string[]): BacklotError {
  const more = problems.length > TOLD ? [`and ${problems.length - TOLD} more`] : [];
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new BacklotError('register-invalid', {
    expected: 'a register without errors',
    where,
    found: `${count}:\n  ${[...problems.slice(0, TOLD), ...more].join('\n  ')}`,
    remedy: 'Correct these cells and import the file again: nothing of it was imported.',
  });
}
