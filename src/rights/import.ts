import { createHash } from 'node:crypto';
import { listFiles, listFilesNamed } from '../catalog/index.ts';
import { idOf } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { filmSpans } from '../shots/index.ts';
import { type Change, changesBetween, withoutReplaced } from './changes.ts';
import { houseWords } from './house.ts';
import { idleLiftWords } from './lifts-store.ts';
import { adriftWords, movedWords } from './moved-films.ts';
import { permittedBeforeWords } from './permitted-before.ts';
import { type Row, type Section, sections } from './raw.ts';
import { readLedger } from './read.ts';
import { keptWords, registeredRows, withRegistered } from './registered.ts';
import { fieldChanges, LISTED_CHANGES, leftOut, leftOutTold, recordedIn, replacedBy } from './replacing.ts';
import { goesOnWords, partiesGone, saidBefore } from './said-for-others.ts';
import { type ChangedRow, type Imported, type Ledger, type LeftOut, notLegalAdvice } from './schema.ts';
import {
  appendLedger,
  type Changes,
  currentLedger,
  type LedgerAct,
  type Recording,
  rowsInForce,
  type StoredLedger,
  titlesEverNaming,
} from './store.ts';
import { readText } from './text-file.ts';
import { leftOutOf, refuseUndone, standingRows, undoneIn, withdrawnTitles } from './undoing.ts';
import { refuseUnheard } from './unheard.ts';
import { unplacedWords } from './unplaced-words.ts';
import { yamlRows } from './yaml-rows.ts';

/**
 * Puts a ledger file in force, whole or not at all. What registers recorded that forbids or asks for something, and the file does not name, stays in force beside it. The file in force already is not recorded twice.
 * @throws BacklotError `ledger-unreadable`, `ledger-invalid` (all problems with line and column),
 *   `ledger-undoes-withdrawal`
 */
export async function importLedger(context: Context, path: string): Promise<Imported> {
  const { bytes, text } = await readText(path, 'a rights ledger (YAML or JSON)');
  const total = bytes.length / 1e6;
  const rows = await rowsRead(context, text, total);
  const current = await currentLedger(context.db);
  const read = readLedger(text, path, current ? recordedIn(current.document) : undefined, rows);
  context.report({ phase: 'comparing it with the ledger in force', done: total, total, unit: 'MB' });
  const { file, kept } = withRegistered(read, await registeredRows(context.db));
  const document = withoutReplaced(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const unchanged = current?.sha256 === sha256 && (await isInForce(context.db, document));
  if (current && !unchanged) await refuseUndoing(context.db, { file, document, current }, path);
  const act = { what: 'rights.import', subject: path };
  const moved = current && !unchanged ? await movedIn(context.db, current.document, document) : [];
  const left = current ? meantWords(current.document, document) : [];
  const warnings = [...keptWords(kept), ...left, ...moved, ...(await unplacedOf(context, document))];
  const gone = sections.flatMap((section) =>
    leftOut(section, new Set(file[section].map(({ id }) => id)), file[section]),
  );
  const none = { changes: countChanges([]), changed: [], leftOut: gone };
  if (unchanged) return importedOf(current, rowsOf(document), none, true, warnings);
  const stored = await append(context, current, { sha256, source: path, document, file }, act);
  const changed = changedRows(stored.changes, current);
  const told = { changes: countChanges(stored.changes), changed, leftOut: gone };
  const again = current ? await permittedBeforeWords(context.db, stored.id) : [];
  const idle = await idleLiftWords(context.db);
  return importedOf(stored, rowsOf(document), told, false, [...warnings, ...again, ...idle]);
}

/** What a ledger file in YAML says, where it can be read some rows at a time. @param total size in MB */
async function rowsRead({ report }: Pick<Context, 'report'>, text: string, total: number): Promise<unknown> {
  const hears = (done: number) =>
    report({ phase: 'reading the ledger', done: (total * done) / text.length, total, unit: 'MB' });
  hears(0);
  return yamlRows(text, hears);
}

async function movedIn(db: Context['db'], before: Ledger, now: Ledger): Promise<string[]> {
  const films = await listFilesNamed(db);
  return [...movedWords(before, now, films, await titlesEverNaming(db)), ...adriftWords(before, now, films)];
}

/** What a file says that may mean more than it says. */
const meantWords = (before: Ledger, now: Ledger): string[] => [
  ...goesOnWords(before, now),
  ...houseWords(before, now),
];

/** Of one file this version may put other rows in force than the one that recorded it. */
const isInForce = async (db: Context['db'], document: Ledger): Promise<boolean> =>
  changesBetween(await rowsInForce(db), document).length === 0;

/** What rows that were in force say otherwise now. */
function changedRows(changes: readonly Change[], before: StoredLedger | null): ChangedRow[] {
  const inForce = (section: Section): Map<string, Row> =>
    new Map((before?.document[section] ?? []).map((row) => [row.id, row]));
  const bySection = Object.fromEntries(sections.map((section) => [section, inForce(section)]));
  const changed = changes.flatMap(({ section, key, content }) => {
    const old = content && replacedBy(content as Row, bySection[section] ?? new Map());
    return old ? [{ row: `${section}/${key}`, fields: fieldChanges(old, content) }] : [];
  });
  return changed.slice(0, LISTED_CHANGES);
}

/** A file must not bring back to life what was withdrawn, refused or waited for: without the line that says so, or without the row. A row that another replaces says what it said all the same: what replaces it is compared with that. */
async function refuseUndoing(
  db: Context['db'],
  { file, document, current }: { file: Ledger; document: Ledger; current: StoredLedger },
  path: string,
): Promise<void> {
  await refuseUnheard(db, file, current.document, path);
  const said = await standingRows(db);
  const beside = { file, stands: document, inForce: current.document, films: await listFilesNamed(db) };
  const withdrawn = await withdrawnTitles(db, said);
  const undone = [...undoneIn(said, file), ...(await saidByGone(db, document, current.document))];
  refuseUndone(undone, leftOutOf({ ...beside, withdrawn }, said), path);
}

async function saidByGone(db: Db, now: Ledger, before: Ledger): Promise<string[]> {
  const gone = await partiesGone(db);
  if (gone.size === 0) return [];
  const known = new Set(
    (['consents', 'approvals'] as const).flatMap((of) => before[of].map(({ id }) => `${of}/${id}`)),
  );
  const found = saidBefore(gone, now, (row) => known.has(row));
  return [...found].map(([row, words]) => `${row}: ${words}`);
}

/** Told at once: shots of these films wait until the place is corrected. */
async function unplacedOf({ db }: Pick<Context, 'db'>, document: Ledger): Promise<string[]> {
  const files = await listFiles(db);
  const ids = files.map(({ id }) => id);
  return unplacedWords(document, { files, films: await filmSpans(db, ids) });
}

const rowsOf = (document: Ledger): Imported['rows'] =>
  Object.fromEntries(sections.map((section) => [section, document[section].length]));

/** What an import did with its rows. */
interface Told {
  changes: Changes;
  changed: readonly ChangedRow[];
  leftOut: LeftOut['rows'];
}

/** What an import tells: the rows in force and what was recorded. */
export function importedOf(
  { id, sha256, source, recordedBy }: Recording,
  rows: Imported['rows'],
  { changes, changed, leftOut: gone }: Told,
  unchanged: boolean,
  warnings: readonly string[] = [],
): Imported {
  const recorded = { ledger: id, sha256, source, recordedBy };
  const left = { leftOut: leftOutTold(gone), warnings: [...warnings] };
  const told = { changes, changedRows: [...changed], ...left };
  return { notice: notLegalAdvice, ...recorded, unchanged, rows, ...told };
}

const countChanges = (changes: readonly Change[]): Changes => {
  const removed = changes.filter(({ content }) => content === null).length;
  const added = changes.filter(({ content, supersedes }) => content !== null && supersedes === null).length;
  return { added, changed: changes.length - added - removed, removed };
};

/** The id of a ledger after `current`: it covers the one before it, so that the same history has the same ids. */
export function idAfter(current: Pick<StoredLedger, 'id'> | null, sha256: string): string {
  const chained = createHash('sha256')
    .update(`${current?.id ?? ''}:${sha256}`)
    .digest('hex');
  return idOf('ldg', chained.slice(0, 12));
}

/** Who records, and where: in the transaction that writes what goes with it, or in one of its own. */
export interface Recorder {
  db: Pick<Db, 'select' | 'transaction'>;
  who: Context['who'];
}

/** Adds a ledger after `current`. */
export async function append(
  { db, who }: Recorder,
  current: Pick<StoredLedger, 'id'> | null,
  ledger: Pick<StoredLedger, 'sha256' | 'source' | 'document'> & { file?: Ledger },
  act: LedgerAct,
): Promise<StoredLedger & { changes: Change[] }> {
  const stored = { ...ledger, id: idAfter(current, ledger.sha256), recordedBy: who };
  return { ...stored, changes: await appendLedger(db, stored, current?.id ?? null, act) };
}
