import { liftedBy } from './lifting.ts';
import { type Row, textOf } from './raw.ts';
import { relating } from './register-around.ts';
import type { RegisterRow } from './register-rows.ts';

/** What of a row of a register later ones are compared with: all of one that replaces or lifts another; of others the fields by which rows speak of each other. Null: nothing. */
export function relatedOf(row: Row): Row | null {
  if (row.supersedes !== undefined || row.lifts !== undefined) return row;
  const parts = relating.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]]));
  return parts.length > 0 ? { id: row.id, ...Object.fromEntries(parts) } : null;
}

/** Ids of rows that others replace or lift. */
export const spokenOf = (rows: readonly Row[]): Set<string> =>
  new Set(rows.flatMap((row) => [...liftedBy(row), textOf(row.supersedes)]).filter((id) => id !== undefined));

/** Ids of a row and of what it replaces. */
export const keysIn = ({ row }: RegisterRow): string[] =>
  [row.id, row.supersedes].flatMap((id) => textOf(id) ?? []);

/** Rows in force that a register does not replace. @param lines of its rows, by id */
export const untouched = (rows: readonly Row[], { lines }: { lines: ReadonlyMap<string, number> }): Row[] =>
  rows.filter(({ id }) => !lines.has(textOf(id) ?? ''));

/** Rows of a register, and others that replace one of it: what else rows in force replaced is out of force, or stands beside them. */
export const concerning = (rows: readonly Row[], { lines }: { lines: ReadonlyMap<string, number> }): Row[] =>
  rows.filter(({ id, supersedes }) => [id, supersedes].some((one) => lines.has(textOf(one) ?? '')));
