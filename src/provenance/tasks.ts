import { asc } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { digestOf } from './digest.ts';
import { TASK_DAYS, type Task, type Touched } from './schema.ts';
import { readModel } from './store.ts';

const DAY_MS = 86_400_000;
const { provenanceTasks } = tables;

const remedies: Record<string, string> = {
  base: 'Retire it: what was learned stays in its weights.',
  adapter:
    'Retire it, retrain it without what was withdrawn, or remove the adapter: its base is as it was before.',
  full: 'Retire it, or retrain it without what was withdrawn: what was learned stays in its weights.',
  scratch: 'Retire it, or retrain it without what was withdrawn: what was learned stays in its weights.',
};

/** What people must decide about what was touched: each model, each exported dataset, each signed file, each cut. */
export async function tasksFor(
  db: Db,
  touched: readonly Touched[],
  withdrawal: string,
  at: string,
): Promise<Task[]> {
  const due = new Date(Date.parse(at) + TASK_DAYS * DAY_MS).toISOString();
  const tasks: Task[] = [];
  for (const { kind, id } of touched) {
    const what = await wordsFor(db, kind, id);
    if (what === null) continue;
    const subject = `${kind} ${id}`;
    tasks.push({
      id: `tsk_${digestOf({ withdrawal, subject }).slice(0, 12)}`,
      withdrawal,
      subject,
      what,
      due,
    });
  }
  return tasks;
}

async function wordsFor(db: Db, kind: Touched['kind'], id: string): Promise<string | null> {
  if (kind === 'model') return remedies[(await readModel(db, id))?.kind ?? 'full'] ?? null;
  if (kind === 'file') return 'Find out where the signed file went, and call it back or replace it.';
  if (kind === 'export') return 'Delete the exported clips, and ask whoever trained on them what they made.';
  return kind === 'cut' ? 'Replace the blocked takes in the cut.' : null;
}

export async function openTasks(db: Pick<Db, 'insert'>, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map((task) => ({ ...task, due: new Date(task.due) }));
  await db.insert(provenanceTasks).values(rows).onConflictDoNothing();
}

/** All tasks, the most urgent first. */
export async function listTasks(db: Db): Promise<Task[]> {
  const rows = await db
    .select()
    .from(provenanceTasks)
    .orderBy(asc(provenanceTasks.due), asc(provenanceTasks.subject));
  return rows.map(({ openedAt: _, due, ...task }) => ({ ...task, due: due.toISOString() }));
}
