import { liftedBy } from './lifting.ts';
import { type Row, textOf } from './raw.ts';
import { relating } from './register-around.ts';

/** What of a row of a register later ones are compared with: all of one that replaces or lifts another; of others the fields by which rows speak of each other. Null: nothing. */
export function relatedOf(row: Row): Row | null {
  if (row.supersedes !== undefined || row.lifts !== undefined) return row;
  const parts = relating.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]]));
  return parts.length > 0 ? { id: row.id, ...Object.fromEntries(parts) } : null;
}

/** Ids of rows that others replace or lift. */
export const spokenOf = (rows: readonly Row[]): Set<string> =>
  new Set(rows.flatMap((row) => [...liftedBy(row), textOf(row.supersedes)]).filter((id) => id !== undefined));
