import type { Db } from '../db/index.ts';
import { type Row, textOf } from './raw.ts';
import { consentsOf } from './register-around.ts';
import type { RegisterRow, RowReader } from './register-rows.ts';
import { rowsAgain } from './register-store.ts';
import type { Mapping } from './schema.ts';

/** What is known of a register that was read. */
interface Read {
  related: readonly RegisterRow[];
  lines: ReadonlyMap<string, number>;
  reader: RowReader | null;
}

/** Consents that will stand for those of whom rows of a register replace something: in force, or as the register says them anew. */
export async function consentsBeside(
  db: Db,
  { related, lines, reader }: Read,
  register: { path: string; mapping: Mapping; replace: boolean },
): Promise<Row[]> {
  const own = related.map(({ row }) => row);
  const replacing = own.filter(({ supersedes }) => supersedes !== undefined);
  const parties = [...new Set(replacing.flatMap(({ party }) => textOf(party) ?? []))];
  if (register.mapping.section !== 'consents' || reader === null || parties.length === 0) return own;
  const known = new Set(own.map(({ id }) => id));
  const inForce = (await consentsOf(db, parties)).filter(({ id }) => !known.has(id));
  const ids = inForce.flatMap(({ id }) => textOf(id) ?? []).filter((id) => lines.has(id));
  const again = await rowsAgain(db, ids, reader, register);
  return [...inForce.map((row) => again.get(textOf(row.id) ?? '') ?? row), ...own];
}
