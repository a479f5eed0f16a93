import { and, eq, isNull } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { digestOf } from './digest.ts';
import type { Task } from './schema.ts';
import { openTasks } from './tasks.ts';

/**
 * A withdrawal that is killed, or ends for want of room, may have blocked and not yet be in the ledger, or have left clips and pictures where
 * they were: nothing else here would say so. It is a task from its first block on, which goes with its end.
 */

const { provenanceTasks } = tables;

const subjectOf = (row: string): string => `withdrawal ${row}`;

const options = new Map([
  ['parties', 'party'],
  ['grants', 'grant'],
  ['consents', 'consent'],
  ['titles', 'title'],
]);

/** The command that follows a row's withdrawal again. */
function commandOf(row: string): string {
  const [section = '', ...id] = row.split('/');
  return `backlot rights revoke --${options.get(section)} ${id.join('/')}`;
}

/** @param at from when on it is due: at once */
export const openBegun = (db: Pick<Db, 'insert'>, row: string, at: string): Promise<void> =>
  openTasks(db, [taskOf(row, at)]);

function taskOf(withdrawal: string, due: string): Task {
  const subject = subjectOf(withdrawal);
  const what =
    'It was begun and did not come to its end: it may not be in the ledger yet, and clips, pictures and words of it may lie here still. ' +
    `Give it again: \`${commandOf(withdrawal)}\`.`;
  const id = `tsk_${digestOf({ withdrawal, subject, due }).slice(0, 12)}`;
  return { id, withdrawal, subject, what, due, done: null };
}

/** What an earlier one left open too: this one has found and removed the same. One that a person has settled stays. */
export async function closeBegun(db: Pick<Db, 'delete'>, row: string): Promise<void> {
  const { subject, doneAt } = provenanceTasks;
  await db.delete(provenanceTasks).where(and(eq(subject, subjectOf(row)), isNull(doneAt)));
}
