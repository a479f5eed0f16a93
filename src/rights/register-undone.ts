import type { Context } from '../jobs/index.ts';
import { rowSchemas } from './mapping.ts';
import { type Row, textOf } from './raw.ts';
import type { RegisterRow } from './register-rows.ts';
import { contentsOfKeys } from './register-store.ts';
import { heldBy, keeping } from './replacing.ts';
import type { Mapping } from './schema.ts';
import { type Standing, undoneBy } from './undoing.ts';

/** What each row of a register undoes. What the register has no column for it does not undo. */
export async function undoneRows(
  db: Context['db'],
  rows: readonly RegisterRow[],
  { mapping, standing }: { mapping: Mapping; standing: Standing },
): Promise<string[][]> {
  const { section } = mapping;
  // Of a row that is none yet only that is told.
  const isShaped = (row: Row) => rowSchemas[section].safeParse(row).success;
  const bound = rows.flatMap(({ row }) =>
    standing.has(`${section}/${textOf(row.id)}`) && isShaped(row) ? [String(row.id)] : [],
  );
  const [inForce, held] = [await contentsOfKeys(db, section, bound), heldBy(mapping)];
  const known = new Set(bound);
  return rows.map(({ row }) => {
    if (!known.has(textOf(row.id) ?? '')) return [];
    const before = inForce.get(textOf(row.id) ?? '');
    return undoneBy(standing, section, [before === undefined ? row : keeping(row, before, held)]);
  });
}
