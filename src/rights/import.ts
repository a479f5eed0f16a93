import { createHash } from 'node:crypto';
import { BacklotError, idOf } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Change, withoutReplaced } from './changes.ts';
import { type Section, sections } from './raw.ts';
import { readLedger } from './read.ts';
import { type Imported, type Ledger, notLegalAdvice } from './schema.ts';
import {
  appendLedger,
  type Changes,
  currentLedger,
  type LedgerAct,
  type Recording,
  type StoredLedger,
  withdrawals,
} from './store.ts';
import { readText } from './text-file.ts';

/**
 * Puts a ledger file in force, whole or not at all. The file in force already is not recorded twice.
 * @throws BacklotError `ledger-unreadable`, `ledger-invalid` (all problems with their lines),
 *   `ledger-undoes-withdrawal`
 */
export async function importLedger(context: Context, path: string): Promise<Imported> {
  const { bytes, text } = await readText(path, 'a rights ledger (YAML or JSON)');
  const document = withoutReplaced(readLedger(text, path));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const current = await currentLedger(context.db);
  const unchanged = current?.sha256 === sha256;
  if (!unchanged) refuseUndoing(await withdrawals(context.db), document, path);
  const act = { what: 'rights.import', subject: path };
  if (unchanged) return importedOf(current, rowsOf(document), countChanges([]), true);
  const stored = await append(context, current, { sha256, source: path, document }, act);
  return importedOf(stored, rowsOf(document), countChanges(stored.changes), false);
}

const rowsOf = (document: Ledger): Imported['rows'] =>
  Object.fromEntries(sections.map((section) => [section, document[section].length]));

/** What an import tells: the rows in force and what was recorded. */
export function importedOf(
  { id, sha256, source, recordedBy }: Recording,
  rows: Imported['rows'],
  changes: Changes,
  unchanged: boolean,
): Imported {
  const recorded = { ledger: id, sha256, source, recordedBy };
  return { notice: notLegalAdvice, ...recorded, unchanged, rows, changes };
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
  ledger: Pick<StoredLedger, 'sha256' | 'source' | 'document'>,
  act: LedgerAct,
): Promise<StoredLedger & { changes: Change[] }> {
  const stored = { ...ledger, id: idAfter(current, ledger.sha256), recordedBy: who };
  return { ...stored, changes: await appendLedger(db, stored, current?.id ?? null, act) };
}

export type Withdrawals = ReadonlyMap<string, string>;

/** A row as far as its withdrawal goes. */
interface Withdrawable {
  id?: unknown;
  withdrawn?: unknown;
}

/** A file written before a withdrawal must not bring the row back to life by being imported again. */
export function refuseUndoing(withdrawn: Withdrawals, next: Ledger, path: string): void {
  refuseUndone(
    sections.flatMap((section) => undoneBy(withdrawn, section, next[section])),
    path,
  );
}

export const undoneBy = (withdrawn: Withdrawals, section: Section, rows: readonly Withdrawable[]): string[] =>
  rows.flatMap((row) => {
    const since = withdrawn.get(`${section}/${row.id}`);
    return since === undefined || since === row.withdrawn
      ? []
      : [`${section}/${row.id}: withdrawn: ${since}`];
  });

export function refuseUndone(undone: readonly string[], path: string): void {
  if (undone.length === 0) return;
  throw new BacklotError('ledger-undoes-withdrawal', {
    expected: 'the withdrawals that are recorded',
    where: path,
    found: `rows without them:\n  ${undone.join('\n  ')}`,
    remedy: 'Write these lines into the rows. A permission given anew is a new row with an id of its own.',
  });
}
