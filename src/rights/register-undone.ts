import { rowSchemas } from './mapping.ts';
import { type Row, textOf } from './raw.ts';
import type { RegisterRow } from './register-rows.ts';
import { heldBy, keeping } from './replacing.ts';
import type { Mapping } from './schema.ts';
import { type StandingAmong, undoneBy } from './undoing.ts';

/**
 * What each row of a register undoes. What the register has no column for it does not undo.
 * @param inForce rows in force of the ids
 */
export function undoneRows(
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  { mapping, standing: among }: { mapping: Mapping; standing: StandingAmong },
): string[][] {
  const { section } = mapping;
  const standing = among(
    inForce,
    rows.flatMap(({ row }) => textOf(row.id) ?? []),
  );
  // Of a row that is none yet only that is told.
  const isShaped = (row: Row) => rowSchemas[section].safeParse(row).success;
  const held = heldBy(mapping);
  return rows.map(({ row }) => {
    if (!standing.has(`${section}/${textOf(row.id)}`) || !isShaped(row)) return [];
    const before = inForce.get(textOf(row.id) ?? '');
    return undoneBy(standing, section, [before === undefined ? row : keeping(row, before, held)]);
  });
}
