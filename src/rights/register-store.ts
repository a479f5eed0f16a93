import { type SQL, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { besideLast, saidAnew } from './last-said.ts';
import { type Row, textOf } from './raw.ts';
import { type CsvRecord, csvBlocks } from './register-csv.ts';
import type { RegisterRow, RowReader } from './register-rows.ts';
import { heldBy, keeping } from './replacing.ts';
import type { Mapping, RegisterSection } from './schema.ts';
import type { Changes, Recording, Writer } from './store.ts';

const { rightsRows } = tables;

type Recorded = Pick<Changes, 'added' | 'changed'>;

/** The row in force of a key before this ledger, or nothing. */
const before = (ledger: string, section: RegisterSection, key: string) => sql`
  select case when content is not null then id end as id, content from ${rightsRows}
  where section = ${section} and key = ${sql.raw(key)} and ledger <> ${ledger} order by seq desc limit 1`;

/** What the rows in force of these keys say. */
export async function contentsOfKeys(
  db: Pick<Db, 'execute'>,
  section: RegisterSection,
  keys: readonly string[],
): Promise<Map<string, Row>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.execute<{ key: string; content: Row }>(sql`
    select k.key, old.content from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) k(key)
    join lateral (select content from ${rightsRows}
      where section = ${section} and key = k.key order by seq desc limit 1) old on old.content is not null`);
  return new Map(rows.map(({ key, content }) => [key, content]));
}

/** Rows that are held at once. */
const AT_ONCE = 10_000;

/** What rows in force say, in the order of recording and some at a time: a library may have a million of which a register speaks. */
export async function eachInForce(
  db: Pick<Db, 'transaction'>,
  section: RegisterSection,
  where: SQL,
  each: (rows: readonly Row[]) => void,
): Promise<void> {
  const { content, key, seq } = rightsRows;
  await db.transaction(async (tx) => {
    await tx.execute(sql`declare in_force no scroll cursor for
      select ${content} from ${rightsRows}
      where ${rightsRows.section} = ${section} and ${content} is not null and ${where} and not exists (
        select 1 from ${rightsRows} newer where newer.section = ${section} and newer.key = ${key} and newer.seq > ${seq})
      order by ${seq}`);
    for (;;) {
      const { rows } = await tx.execute<{ content: Row }>(sql`fetch ${sql.raw(`${AT_ONCE}`)} from in_force`);
      if (rows.length === 0) return;
      each(rows.map((row) => row.content));
    }
  });
}

/** Rows of a register as they would stand in force: where they take the place of others, with what it has no column for. */
export async function rowsOf(
  db: Pick<Db, 'execute'>,
  { rowOf }: RowReader,
  records: readonly CsvRecord[],
  { mapping, replace }: { mapping: Mapping; replace: boolean },
): Promise<RegisterRow[]> {
  const rows = records.map(rowOf);
  if (!replace) return rows;
  const ids = rows.flatMap(({ row }) => textOf(row.id) ?? []);
  return keptRows(rows, await contentsOfKeys(db, mapping.section, ids), mapping);
}

/** Rows with what those in force of their ids say where the register has no column. */
export function keptRows(
  rows: readonly RegisterRow[],
  inForce: ReadonlyMap<string, Row>,
  mapping: Mapping,
): RegisterRow[] {
  const held = heldBy(mapping);
  return rows.map(({ line, row }) => {
    const before = inForce.get(textOf(row.id) ?? '');
    return { line, row: before === undefined ? row : keeping(row, before, held) };
  });
}

/** What rows of a register say, which is read again for them: that others of it replace them is known when all have been read. */
export async function rowsAgain(
  db: Pick<Db, 'execute'>,
  ids: readonly string[],
  reader: RowReader,
  register: { path: string; mapping: Mapping; replace: boolean },
): Promise<Map<string, Row>> {
  const [own, found] = [new Set(ids), new Map<string, Row>()];
  if (own.size === 0) return found;
  for await (const { records } of csvBlocks(register.path))
    for (const { row } of await rowsOf(db, reader, records, register))
      if (own.has(textOf(row.id) ?? '')) found.set(textOf(row.id) ?? '', row);
  return found;
}

/** Records those of the rows that are new or differ from what is in force. */
export async function recordRows(
  tx: Writer,
  { id, recordedBy }: Recording,
  section: RegisterSection,
  rows: readonly Row[],
): Promise<Recorded> {
  const { rows: counts } = await tx.execute<{ added: number; changed: number }>(sql`
    with recorded as (
      insert into ${rightsRows} (id, ledger, section, key, supersedes, content, recorded_by)
      select ${`${id}/${section}/`} || n.key, ${id}, ${section}, n.key, coalesce(old.id, replaced.id), n.content, ${recordedBy}
      from (select content ->> 'id' as key, content, no
        from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality given(content, no)) n
      left join lateral (${before(id, section, 'n.key')}) old on true
      left join lateral (${before(id, section, "(n.content ->> 'supersedes')")}) replaced on true
      where n.content is distinct from old.content
      order by n.no
      returning supersedes)
    select count(*) filter (where supersedes is null)::int as added, count(supersedes)::int as changed from recorded`);
  return counts[0] ?? { added: 0, changed: 0 };
}

/** Records what rows of a register say that others replace, as far as it is new: `retireRows` takes them out of force. */
export async function recordReplaced(
  tx: Writer,
  { id, recordedBy }: Recording,
  mapping: Mapping,
  replaced: readonly Row[],
): Promise<void> {
  const { section } = mapping;
  const rows = saidAnew(await besideLast(tx, section, replaced, heldBy(mapping)));
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into ${rightsRows} (id, ledger, section, key, supersedes, content, recorded_by)
    select ${`${id}/${section}/`} || n.key || '/replaced', ${id}, ${section}, n.key, old.id, n.content, ${recordedBy}
    from (select content ->> 'id' as key, content, no
      from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality given(content, no)) n
    left join lateral (${before(id, section, 'n.key')}) old on true
    order by n.no`);
}

/** Takes rows out of force that others replace. @returns how many of them were in force */
export async function retireRows(
  tx: Writer,
  { id, recordedBy }: Recording,
  section: RegisterSection,
  keys: readonly string[],
): Promise<number> {
  const { rows } = await tx.execute<{ removed: number }>(sql`
    with recorded as (
      insert into ${rightsRows} (id, ledger, section, key, supersedes, recorded_by)
      select ${`${id}/${section}/`} || k.key, ${id}, ${section}, k.key, old.id, ${recordedBy}
      from jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) k(key)
      join lateral (select content from ${rightsRows}
        where section = ${section} and key = k.key order by seq desc limit 1) newest on newest.content is not null
      left join lateral (${before(id, section, 'k.key')}) old on true
      returning supersedes)
    select count(supersedes)::int as removed from recorded`);
  return rows[0]?.removed ?? 0;
}

/** Rows in force, by section. */
export async function countInForce(tx: Writer): Promise<Record<string, number>> {
  const { rows } = await tx.execute<{ section: string; n: number }>(sql`
    select section, count(*)::int as n from (
      select distinct on (section, key) section, content is not null as stands from ${rightsRows}
      order by section, key, seq desc) newest
    where stands group by section`);
  return Object.fromEntries(rows.map(({ section, n }) => [section, n]));
}
