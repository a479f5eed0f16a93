import { type Row, textOf } from './raw.ts';

/** Rows that are no longer in force, of which others say that they replaced them; and what those replaced. @param rows of one section, in force */
export async function goneRows(
  rows: readonly Row[],
  read: (ids: readonly string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const all = [...rows];
  for (let next: readonly Row[] = rows; next.length > 0; ) {
    const known = new Set(all.map(({ id }) => id));
    const ids = next.flatMap(({ supersedes }) => textOf(supersedes) ?? []).filter((id) => !known.has(id));
    next = ids.length === 0 ? [] : await read([...new Set(ids)]);
    // One by one: a hundred thousand arguments are more than a call may have.
    for (const row of next) all.push(row);
  }
  return all.slice(rows.length);
}
