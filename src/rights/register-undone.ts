import { rowSchemas } from './mapping.ts';
import { type Row, textOf } from './raw.ts';
import type { Around } from './register-around.ts';
import type { RegisterRow } from './register-rows.ts';
import { heldBy, keeping } from './replacing.ts';
import { saidBefore } from './said-for-others.ts';
import type { Ledger, Mapping, RegisterSection } from './schema.ts';
import { type StandingAmong, undoneBy } from './undoing.ts';

/**
 * What each row of a register undoes. What the register has no column for it does not undo.
 * @param inForce rows in force of the ids
 */
export function undoneRows(
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  { mapping, standing: among, around }: { mapping: Mapping; standing: StandingAmong; around: Around },
): string[][] {
  const { section } = mapping;
  const standing = among(
    inForce,
    rows.flatMap(({ row }) => textOf(row.id) ?? []),
  );
  // Of a row that is none yet only that is told.
  const isShaped = (row: Row) => rowSchemas[section].safeParse(row).success;
  const [held, before] = [heldBy(mapping), saidByGone(rows, inForce, section, around)];
  return rows.map(({ row }) => {
    const place = `${section}/${textOf(row.id)}`;
    const since = before.get(place);
    if (since !== undefined) return [`${place}: ${since}`];
    if (!standing.has(place) || !isShaped(row)) return [];
    const old = inForce.get(textOf(row.id) ?? '');
    return undoneBy(standing, section, [old === undefined ? row : keeping(row, old, held)]);
  });
}

/** Rows that say what somebody had said for others who withdrew everything since, and that come in only now. */
function saidByGone(
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  section: RegisterSection,
  { left, document }: Around,
): Map<string, string> {
  const isNew = ({ row }: RegisterRow) => !inForce.has(textOf(row.id) ?? '');
  const theirs = rows.filter((one) => isNew(one) && left.has(textOf(one.row.givenBy ?? one.row.by) ?? ''));
  const shaped = theirs.flatMap(({ row }) => rowSchemas[section].safeParse(row).data ?? []);
  const { restrictions = [], agreements = [] } = document as Partial<Ledger>;
  const now = { restrictions, agreements, consents: [], approvals: [], [section]: shaped };
  return saidBefore(left, now, () => false);
}
