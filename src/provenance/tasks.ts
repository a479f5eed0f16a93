import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit, type Context, jobHoldsTexts, jobHoldsWords, jobTrains } from '../jobs/index.ts';
import { unmarked } from '../review/index.ts';
import { digestOf, sha256Of } from './digest.ts';
import { originalsOf } from './reach-out.ts';
import { type settleInputSchema, TASK_DAYS, type Task, type Touched, type Withdrawal } from './schema.ts';
import { readModelKinds, readRunsKept } from './store.ts';

const DAY_MS = 86_400_000;
const { provenanceTasks } = tables;

const beside =
  'It lies beside a master, where nothing is written by Backlot: remove what it says of the withdrawn shots, or the file. ' +
  'For what was withdrawn it is not read.';

const backedUp =
  'Destroy it and its copies, or write it anew once this is withdrawn here: open it in a workspace of its own, withdraw there too, back that up. ' +
  'It can hold captions, words and small pictures of what was withdrawn.';

const holdsWords =
  'An earlier version wrote it: its job.json holds captions, of its sample sheet or as its briefs, and its permit and outcome are bound to those bytes. ' +
  'Delete the folder of the run when no statement of its period has to be computed again.';

const holdsFrames =
  'It drew blocked takes of what was withdrawn and holds their raw frames: delete its folder once nobody has to look at them.';

const holdsLearned =
  'It was training on what was withdrawn and has left no model: what it had learned lies in its checkpoints. Delete its folder.';

const notMarked =
  'It holds copies of the takes, and cannot be read, or a link leads there: in it nothing is marked, and words and pictures of what was withdrawn may be left. ' +
  'Let it be read and give the withdrawal again, or delete it; call back what was sent of it.';

const retiringOf = (model: string): string => `\`backlot provenance retire ${model} --reason "..."\``;

const remedies: Record<string, string> = {
  base: 'Retire it: what was learned stays in its weights.',
  adapter:
    'Retire it, retrain it without what was withdrawn, or remove the adapter: its base is as it was before.',
  full: 'Retire it, or retrain it without what was withdrawn: what was learned stays in its weights.',
  trial: 'It is retired: see that no copy of its run is kept elsewhere.',
  scratch: 'Retire it, or retrain it without what was withdrawn: what was learned stays in its weights.',
};

const exportedClips = 'Delete the exported clips, and ask whoever trained on them what they made.';
const original =
  'It lies in a workspace that this one was copied from, where nothing is removed from here: withdraw there too, or delete it where nobody uses that workspace any more.';
const exportedAdapter =
  'Delete the exported adapter, and ask whoever has it to delete theirs: no other program asks whether it may be used.';

/** What people must decide about what was touched: each model and forecast, each exported dataset and adapter, each signed file, each cut, each delivery, each report, each file beside a film, each backup, each run that drew a take which was given something reached, each training that left checkpoints and no model, each run of an earlier version whose job holds captions (`worded`: runs whose briefs were captions). One that is recorded already is told as it stands. */
export async function tasksFor(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  {
    touched,
    permitted,
    alike,
    worded = [],
  }: Pick<Withdrawal, 'touched' | 'permitted' | 'alike'> & { worded?: readonly string[] },
  withdrawal: string,
  at: string,
): Promise<Task[]> {
  const due = new Date(Date.parse(at) + TASK_DAYS * DAY_MS).toISOString();
  const kinds = await readModelKinds(db, [...touched, ...permitted, ...alike].flatMap(modelOf));
  const known = new Map((await listTasks(db, true)).map((task) => [task.id, task]));
  const forRun = await runReader({ db, paths }, touched, worded);
  const pages = touched.flatMap(({ kind, id }) => (kind === 'report' ? [id] : []));
  const own = new Map((await unmarked({ paths }, pages)).map((page) => [page, notMarked]));
  for (const { id } of await originalsOf({ db, paths }, touched)) own.set(id, original);
  const taskOn = ({ kind, id, via }: Touched, before: string): Task[] => {
    const ofModel = kinds.get(kind === 'export' ? via : id);
    const ofRun = kind === 'run' ? forRun(id, via) : null;
    const what = own.get(id) ?? ofRun ?? wordsFor(kind, ofModel, id);
    if (what === null) return [];
    const subject = `${kind} ${id}`;
    const task = `tsk_${digestOf({ withdrawal, subject }).slice(0, 12)}`;
    return [known.get(task) ?? { id: task, withdrawal, subject, what: before + what, due, done: null }];
  };
  return [
    ...touched.flatMap((item) => taskOn(item, '')),
    ...permitted.flatMap((item) => taskOn(item, stillPermitted)),
    ...alike.flatMap((item) => taskOn(item, byLikeness)),
  ];
}

/** What people must do about a run; null: nothing. */
async function runReader(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  touched: readonly Touched[],
  worded: readonly string[],
): Promise<(run: string, via: string) => string | null> {
  const takes = new Set(touched.flatMap(({ kind, id }) => (kind === 'take' ? [id] : [])));
  const isLearned = await learnedReader({ db, paths }, touched);
  const isWorded = (run: string): boolean => {
    const folder = join(paths.runs, run);
    return jobHoldsWords(folder) || (worded.includes(run) && jobHoldsTexts(folder));
  };
  return (run, via) => {
    if (isWorded(run)) return holdsWords;
    if (takes.has(via)) return holdsFrames;
    return isLearned(run) ? holdsLearned : null;
  };
}

/** Whether a run has learned something that no model holds, or still does. */
async function learnedReader(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  touched: readonly Touched[],
): Promise<(run: string) => boolean> {
  const ids = (of: string) => touched.filter(({ kind }) => kind === of);
  const saved = new Set(ids('checkpoint').map(({ via }) => via));
  const kept = await readRunsKept(
    db,
    ids('run').map(({ id }) => id),
  );
  const isOver = (run: string) => existsSync(join(paths.runs, run, 'outcome.json'));
  return (run) => !kept.has(run) && (saved.has(run) || !isOver(run)) && jobTrains(join(paths.runs, run));
}

/** The model that a thing is, or may be the export of. */
const modelOf = ({ kind, id, via }: Touched): string[] =>
  kind === 'model' ? [id] : kind === 'export' ? [via] : [];

const stillPermitted =
  'It rests on what was withdrawn for the use of takes, which other rows of the ledger still permit, and is not blocked: see whether that is enough. If not: ';

const byLikeness =
  'It rests on shots that show what withdrawn ones show, as pictures compare, and is not blocked: look at both. If they are the same: ';

const asked: Partial<Record<Touched['kind'], string>> = {
  forecast: 'Do not rely on it: assess the dataset again without what was withdrawn.',
  file: 'Find out where the signed file went, and call it back or replace it.',
  sidecar: beside,
  delivery: 'Tell who has it, and call it back or replace its takes.',
  report:
    'It holds copies of the takes, marked there as withdrawn: delete the folder when nobody needs it, and call back what was sent of it.',
  endpoint: 'Ask whoever runs it to delete the pictures, and what was made or learned from them.',
  cut: 'Replace the blocked takes in the cut.',
  backup: backedUp,
};

/** @param modelKind of the model, or of the one that an export is of; undefined where it is of a dataset */
function wordsFor(kind: Touched['kind'], modelKind: string | undefined, id: string): string | null {
  if (kind === 'model')
    return remedies[modelKind ?? 'full']?.replace('Retire it', `Retire it (${retiringOf(id)})`) ?? null;
  if (kind === 'export') return modelKind === undefined ? exportedClips : exportedAdapter;
  return asked[kind] ?? null;
}

/** Ids of open tasks on these subjects. */
export async function openTasksOn(db: Pick<Db, 'select'>, subjects: readonly string[]): Promise<string[]> {
  const { id, subject, doneAt } = provenanceTasks;
  const on = and(isNull(doneAt), inArray(subject, [...subjects]));
  const rows = await db.select({ id }).from(provenanceTasks).where(on).orderBy(id);
  return rows.map((row) => row.id);
}

export async function openTasks(db: Pick<Db, 'insert'>, tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ done: _, due, ...task }) => ({ ...task, due: new Date(due) }));
  await db.insert(provenanceTasks).values(rows).onConflictDoNothing();
}

/** Tasks, the most urgent first: those that are open, or all. */
export async function listTasks(db: Db, all = false): Promise<Task[]> {
  const rows = await db
    .select()
    .from(provenanceTasks)
    .where(all ? undefined : isNull(provenanceTasks.doneAt))
    .orderBy(asc(provenanceTasks.due), asc(provenanceTasks.subject));
  return rows.map(taskOf);
}

function taskOf(row: typeof provenanceTasks.$inferSelect): Task {
  const { openedAt: _, due, doneAt, doneBy, evidence, ...task } = row;
  const done = doneAt && { at: doneAt.toISOString(), by: doneBy ?? '', evidence: evidence ?? '' };
  return { ...task, due: due.toISOString(), done };
}

/**
 * Records that a task is done, by whom and how that can be seen. What a withdrawal has blocked stays blocked.
 * @throws BacklotError `no-such-task`, `task-settled`
 */
export async function settleTask(
  { db, who }: { db: Pick<Db, 'transaction'>; who: Context['who'] },
  { task: id, evidence, by = who }: z.output<typeof settleInputSchema>,
): Promise<Task> {
  return db.transaction(async (tx) => {
    const open = and(eq(provenanceTasks.id, id), isNull(provenanceTasks.doneAt));
    const done = { doneAt: new Date(), doneBy: by, evidence };
    const [row] = await tx.update(provenanceTasks).set(done).where(open).returning();
    if (!row) throw await unsettled(tx, id);
    const details = { by, evidence: sha256Of(evidence), subject: row.subject };
    await appendAudit(tx, { who, what: 'provenance.settle', subject: id, details });
    return taskOf(row);
  });
}

async function unsettled(db: Pick<Db, 'select'>, id: string): Promise<BacklotError> {
  const [row] = await db.select().from(provenanceTasks).where(eq(provenanceTasks.id, id));
  const found = row
    ? `settled ${row.doneAt?.toISOString()} by ${row.doneBy}: ${row.evidence}`
    : 'no such task';
  return new BacklotError(row ? 'task-settled' : 'no-such-task', {
    expected: 'the id of an open task',
    where: id,
    found,
    remedy: 'List the open ones with `backlot provenance tasks`; what was recorded stays.',
  });
}
