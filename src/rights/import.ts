import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { BacklotError, idOf, messageOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Change, withoutReplaced } from './changes.ts';
import { sections } from './raw.ts';
import { readLedger } from './read.ts';
import type { Imported, Ledger } from './schema.ts';
import { appendLedger, currentLedger, type LedgerAct, type StoredLedger, withdrawals } from './store.ts';

/** Ledgers are written by people; more than this is another file named by mistake. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Puts a ledger file in force, whole or not at all. The file in force already is not recorded twice.
 * @throws BacklotError `ledger-unreadable`, `ledger-invalid` (all problems with their lines),
 *   `ledger-undoes-withdrawal`
 */
export async function importLedger(context: Context, path: string): Promise<Imported> {
  const bytes = await readBytes(path);
  const document = withoutReplaced(readLedger(textOf(bytes, path), path));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const current = await currentLedger(context.db);
  const unchanged = current?.sha256 === sha256;
  if (!unchanged) refuseUndoing(await withdrawals(context.db), document, path);
  const act = { what: 'rights.import', subject: path };
  const { id, source, recordedBy, changes } = unchanged
    ? { ...current, changes: [] }
    : await append(context, current, { sha256, source: path, document }, act);
  const rows = Object.fromEntries(sections.map((section) => [section, document[section].length]));
  return { ledger: id, sha256, source, recordedBy, unchanged, rows, changes: countChanges(changes) };
}

const countChanges = (changes: readonly Change[]): Imported['changes'] => {
  const removed = changes.filter(({ content }) => content === null).length;
  const added = changes.filter(({ content, supersedes }) => content !== null && supersedes === null).length;
  return { added, changed: changes.length - added - removed, removed };
};

async function readBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_BYTES) return await readFile(path);
    throw unreadable(path, `${size} bytes`);
  } catch (error) {
    throw error instanceof BacklotError ? error : unreadable(path, messageOf(error), error);
  }
}

function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, 'bytes that are not UTF-8', error);
  }
}

const unreadable = (where: string, found: string, cause?: unknown): BacklotError =>
  new BacklotError(
    'ledger-unreadable',
    {
      expected: `a rights ledger: a YAML or JSON file in UTF-8 of at most ${MAX_BYTES / 2 ** 20} MiB`,
      where,
      found,
      remedy: 'Name the ledger file; `backlot run` without one writes a template to fill.',
    },
    cause,
  );

/**
 * Adds a ledger after `current`. Its id covers the one before it, so that the same history has the same ids.
 */
export async function append(
  { db, who }: Context,
  current: Pick<StoredLedger, 'id'> | null,
  ledger: Pick<StoredLedger, 'sha256' | 'source' | 'document'>,
  act: LedgerAct,
): Promise<StoredLedger & { changes: Change[] }> {
  const chained = createHash('sha256')
    .update(`${current?.id ?? ''}:${ledger.sha256}`)
    .digest('hex');
  const stored = { ...ledger, id: idOf('ldg', chained.slice(0, 12)), recordedBy: who };
  return { ...stored, changes: await appendLedger(db, stored, current?.id ?? null, act) };
}

/** A file written before a withdrawal must not bring the row back to life by being imported again. */
function refuseUndoing(withdrawn: ReadonlyMap<string, string>, next: Ledger, path: string): void {
  const undone = sections.flatMap((section) => {
    const rows: readonly { id: string; withdrawn?: string | undefined }[] = next[section];
    return rows.flatMap((row) => {
      const since = withdrawn.get(`${section}/${row.id}`);
      return since === undefined || since === row.withdrawn
        ? []
        : [`${section}/${row.id}: withdrawn: ${since}`];
    });
  });
  if (undone.length === 0) return;
  throw new BacklotError('ledger-undoes-withdrawal', {
    expected: 'the withdrawals that are recorded',
    where: path,
    found: `rows without them:\n  ${undone.join('\n  ')}`,
    remedy: 'Write these lines into the rows. A permission given anew is a new row with an id of its own.',
  });
}
