import { and, asc, desc, eq, gt, inArray, isNotNull, lte, notExists, type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, alias, QueryBuilder } from 'drizzle-orm/pg-core';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { type AuditEntry, appendAudit } from '../jobs/index.ts';
import { type Change, changesBetween, recordedAs, replacedRows } from './changes.ts';
import { besideLast, saidAnew, stood } from './last-said.ts';
import { plainName } from './match.ts';
import { type Section, sections, textOf } from './raw.ts';
import type { Ledger, ShotDecision } from './schema.ts';

const { rightsDecisions, rightsLedgers, rightsRows } = tables;

/** A ledger as recorded: rows are added, never changed, and the newest is in force. */
export interface StoredLedger {
  id: string;
  sha256: string;
  /** The file it was read from, or the withdrawal that made it. */
  source: string;
  document: Ledger;
  recordedBy: string;
}

/** What is known of a recorded ledger without reading its rows. */
export type Recording = Omit<StoredLedger, 'document'>;

export type Reader = Pick<Db, 'select'>;

const recordingColumns = {
  id: rightsLedgers.id,
  sha256: rightsLedgers.sha256,
  source: rightsLedgers.source,
  recordedBy: rightsLedgers.recordedBy,
};

/** The newest recording, or null where nothing was recorded. */
export async function newestRecording(db: Reader): Promise<Recording | null> {
  const newest = db.select(recordingColumns).from(rightsLedgers).orderBy(desc(rightsLedgers.seq)).limit(1);
  return (await newest)[0] ?? null;
}

/** The ledger in force, or null where none was imported. */
export async function currentLedger(db: Reader): Promise<StoredLedger | null> {
  const newest = await newestRecording(db);
  return newest && { ...newest, document: documentOf(await rowsInForce(db)) };
}

/** A ledger that was in force once, as its rows tell it; null where it is not recorded here. */
export async function ledgerById(db: Reader, id: string): Promise<StoredLedger | null> {
  const [found] = await db
    .select({ ...recordingColumns, seq: rightsLedgers.seq })
    .from(rightsLedgers)
    .where(eq(rightsLedgers.id, id));
  if (!found) return null;
  const { seq, ...recording } = found;
  const until = db.select({ id: rightsLedgers.id }).from(rightsLedgers).where(lte(rightsLedgers.seq, seq));
  const rows = await rowsInForce(db, undefined, (ledger) => inArray(ledger, until));
  return { ...recording, document: documentOf(rows) };
}

/** A row in force. */
export interface Version {
  id: string;
  section: Section;
  key: string;
  content: object;
  recordedBy: string;
  recordedAt: Date;
}

/** What put a ledger in force, for the audit log. */
export type LedgerAct = Pick<AuditEntry, 'what' | 'subject'> & Partial<Pick<AuditEntry, 'details'>>;

/**
 * Rows that nothing newer of their key replaces or takes out of force, in the order of recording.
 * @param where which of them
 * @param among what counts as recorded; without it, everything
 */
export async function rowsInForce(
  db: Reader,
  where?: SQL,
  among?: (ledger: AnyPgColumn) => SQL | undefined,
): Promise<Version[]> {
  const { id, section, key, content, seq, recordedBy, recordedAt } = rightsRows;
  const rows = await db
    .select({ id, section, key, content, recordedBy, recordedAt })
    .from(rightsRows)
    .where(inForce(where, among))
    .orderBy(asc(seq));
  return rows as Version[];
}

function inForce(where?: SQL, among: (ledger: AnyPgColumn) => SQL | undefined = () => undefined) {
  const { section, key, content, seq, ledger } = rightsRows;
  const newer = alias(rightsRows, 'newer');
  const replaced = new QueryBuilder()
    .select({ one: sql`1` })
    .from(newer)
    .where(and(eq(newer.section, section), eq(newer.key, key), gt(newer.seq, seq), among(newer.ledger)));
  return and(isNotNull(content), where, among(ledger), notExists(replaced));
}

/** Rows as one document. They were checked before they were recorded. */
export function documentOf(rows: readonly Pick<Version, 'section' | 'content'>[]): Ledger {
  const parts = sections.map((section) => [
    section,
    rows.filter((row) => row.section === section).map(({ content }) => content),
  ]);
  return { version: 1, ...Object.fromEntries(parts) } as Ledger;
}

/** Ids of the titles that named each film while they were in force, by the name or sha256 as it was written. */
export async function titlesEverNaming(db: Pick<Db, 'execute'>): Promise<Map<string, Set<string>>> {
  const found = await db.execute<{ title: string; file: string }>(sql`
    select distinct ${rightsRows.key} as title, file
    from ${rightsRows} cross join lateral jsonb_array_elements_text(${rightsRows.content} -> 'files') as file
    where ${rightsRows.section} = 'titles' and ${stood}`);
  const titles = new Map<string, Set<string>>();
  for (const { title, file } of found.rows) {
    const name = plainName(file);
    titles.set(name, (titles.get(name) ?? new Set<string>()).add(title));
  }
  return titles;
}

/** Rows recorded, against those in force before. */
export interface Changes {
  added: number;
  changed: number;
  removed: number;
}

/**
 * Puts a ledger in force after another, with its row of the audit log. All of it or nothing.
 * @param write records its rows, and says how many
 * @throws BacklotError `ledger-changed` where another came in between: a withdrawal must not be overwritten
 *   unseen
 */
export async function recordAfter<T>(
  db: Pick<Db, 'transaction'>,
  ledger: Recording,
  after: string | null,
  act: LedgerAct,
  write: (tx: Writer) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${rightsLedgers} in exclusive mode`);
    const newest = (await newestRecording(tx))?.id ?? null;
    if (newest !== after) throw ledgerChanged(after, newest);
    const { id, sha256, source, recordedBy } = ledger;
    await tx.insert(rightsLedgers).values({ id, sha256, source, recordedBy });
    const written = await write(tx);
    await tidyIndexes(tx);
    const details = { ledger: id, sha256, after, ...act.details };
    await appendAudit(tx, { who: recordedBy, ...act, details });
    return written;
  });
}

export type Writer = Parameters<Parameters<Db['transaction']>[0]>[0];

/**
 * Records what a ledger changes of the one before it: its rows that are new or differ, and those that it no longer has.
 * @param ledger with the file that it is of: what rows say anew that others in it replace is recorded too, and not in force
 */
export const appendLedger = (
  db: Pick<Db, 'transaction'>,
  ledger: StoredLedger & { file?: Ledger | undefined },
  after: string | null,
  act: LedgerAct,
): Promise<Change[]> =>
  recordAfter(db, ledger, after, act, async (tx) => {
    const changes = changesBetween(await rowsInForce(tx), ledger.document);
    const by = { ledger: ledger.id, recordedBy: ledger.recordedBy };
    const words = ledger.file ? await wordsAnew(tx, replacedRows(ledger.file)) : [];
    const rows = recordedAs(ledger.id, changes, words).map((row) => ({ ...by, ...row }));
    for (let i = 0; i < rows.length; i += BATCH) await tx.insert(rightsRows).values(rows.slice(i, i + BATCH));
    return changes;
  });

async function wordsAnew(tx: Writer, replaced: Ledger): Promise<Omit<Change, 'supersedes'>[]> {
  const words: Omit<Change, 'supersedes'>[] = [];
  for (const section of sections)
    for (const content of saidAnew(await besideLast(tx, section, replaced[section])))
      words.push({ section, key: textOf(content.id) ?? '', content });
  return words;
}

/** What was added is sorted into the indexes now: the embedded database never does it by itself, and each look-up would read it all. */
export const tidyIndexes = (db: Pick<Db, 'execute'>): Promise<unknown> =>
  db.execute(sql`select gin_clean_pending_list(i)
    from unnest(array['rights_rows_titles', 'rights_rows_files']::regclass[]) i`);

const ledgerChanged = (after: string | null, newest: string | null): BacklotError =>
  new BacklotError('ledger-changed', {
    expected: `ledger ${after ?? 'none'} still in force`,
    where: 'rights',
    found: newest ?? 'none',
    remedy: 'Somebody else recorded a ledger meanwhile: look at it and run the command again.',
  });

/** What decisions were made by. `ledgerId` is `none` where no ledger was imported. */
export interface DecidedBy {
  ledgerId: string;
  ruleVersion: string;
  use: string;
  territory: string;
  asOf: string;
  model: string | null;
  trainer: string;
  output: string | null;
}

/** Rows a statement, all of them one parameter: a parameter for each value takes longer to write down than to store. */
const BATCH = 5000;

/** Keeps decisions; the same question asked again of the same rules replaces its answer. */
export async function recordDecisions(
  db: Db,
  { ledgerId, ruleVersion, use, territory, asOf, model, trainer, output }: DecidedBy,
  decisions: readonly ShotDecision[],
): Promise<void> {
  for (let i = 0; i < decisions.length; i += BATCH) {
    const rows = JSON.stringify(
      decisions
        .slice(i, i + BATCH)
        .map(({ nearestMiss: _, nearestConsents: __, assumptions: ___, ...kept }) => kept),
    );
    await db.execute(sql`insert into ${rightsDecisions} (shot_id, use, territory, as_of, model, trainer, output,
        ledger_id, rule_version, outcome, reasons, grants, obligations)
      select r."shotId", ${use}, ${territory}, ${asOf}, ${model ?? ''}, ${trainer}, ${output ?? ''}, ${ledgerId}, ${ruleVersion},
        r.outcome, r.reasons, r.grants, r.obligations
      from jsonb_to_recordset(${rows}::jsonb)
        as r("shotId" text, outcome text, reasons jsonb, grants jsonb, obligations jsonb)
      on conflict (shot_id, use, territory, ledger_id, as_of, model, trainer, output, rule_version) do update set
        outcome = excluded.outcome, reasons = excluded.reasons, grants = excluded.grants,
        obligations = excluded.obligations, decided_at = excluded.decided_at`);
  }
}
