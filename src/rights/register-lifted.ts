import type { Db } from '../db/index.ts';
import { type Row, textOf } from './raw.ts';
import { type Around, consentsOf, relating } from './register-around.ts';
import type { RegisterRow, RowReader } from './register-rows.ts';
import { rowsAgain } from './register-store.ts';
import type { Mapping } from './schema.ts';

/**
 * What of a row later ones are compared with: all of one that replaces another, and of consents of those by whom a refusal was replaced, as each counts beside
 * it; of others the fields by which rows speak of each other. Null: nothing.
 */
export function relatedOf(row: Row, lifting: ReadonlySet<string>): Row | null {
  if (row.supersedes !== undefined || lifting.has(textOf(row.party) ?? '')) return row;
  const parts = relating.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]]));
  return parts.length > 0 ? { id: row.id, ...Object.fromEntries(parts) } : null;
}

/** What is known of a register that was read. */
interface Read {
  related: readonly RegisterRow[];
  lines: ReadonlyMap<string, number>;
  reader: RowReader | null;
}

/** Consents that will stand for those of whom rows of a register replace something, or by whom a refusal was replaced: in force, or as the register says them anew. */
export async function consentsBeside(
  db: Db,
  { related, lines, reader }: Read,
  register: { path: string; mapping: Mapping; around: Pick<Around, 'gone'>; replace: boolean },
): Promise<Row[]> {
  const own = related.map(({ row }) => row);
  const among = new Set<unknown>(own.flatMap(({ party }) => textOf(party) ?? []));
  const parties = [...among].map(String);
  if (register.mapping.section !== 'consents' || reader === null || parties.length === 0) return own;
  const known = new Set(own.map(({ id }) => id));
  const inForce = (await consentsOf(db, parties)).filter(({ id }) => !known.has(id));
  const ids = inForce.flatMap(({ id }) => textOf(id) ?? []).filter((id) => lines.has(id));
  const again = await rowsAgain(db, ids, reader, register);
  const standing = [...inForce.map((row) => again.get(textOf(row.id) ?? '') ?? row), ...own];
  const there = new Set(standing.map(({ id }) => id));
  // What a row in force or between had replaced, a refusal too, does not stand, though the register says it again.
  const between = [...register.around.gone.values()].filter(({ id }) => !there.has(id));
  const replaced = new Set([...between, ...standing].map(({ supersedes }) => supersedes));
  return standing.filter(({ id }) => !replaced.has(id));
}
