import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { purgeTrials } from '../assess/index.ts';
import {
  leftClips,
  purgeCaptions,
  purgeIndex,
  purgeSnapshot,
  removeFolders,
  withoutCutting,
} from '../dataset/index.ts';
import type { Db } from '../db/index.ts';
import { purgeFirstFrames, purgeGiven } from '../generate/index.ts';
import {
  appendAudit,
  type Context,
  commandsAtWork,
  purgeNoticedWords,
  purgeQueueWords,
  purgeWords,
} from '../jobs/index.ts';
import { markWithdrawn, purgeReportPictures, reportDrafts } from '../review/index.ts';
import {
  BLOCKING,
  type Planned,
  planRevoke,
  type Resting,
  type RevokeInput,
  revoke,
} from '../rights/index.ts';
import { purgePictures } from '../shots/index.ts';
import { alikeOf } from './alike.ts';
import { closeBegun, openBegun } from './begun.ts';
import { block } from './blocks.ts';
import { purgeBriefWords, type Worded } from './brief-words.ts';
import { compareGiven } from './given-copies.ts';
import { impactOf } from './impact.ts';
import { sidecarsOf } from './reach.ts';
import { foundNoMore } from './reach-finding.ts';
import { backupsOf, reportsOf } from './reach-out.ts';
import { reachedByUse } from './reach-uses.ts';
import { runsUnrecorded, type WordedTake } from './reach-words.ts';
import { clearHeld, concernsWords, noteRemovals, type Removing } from './removals.ts';
import { type Touched, touchedKindSchema, type Uncompared, type Withdrawal } from './schema.ts';
import { readSnapshot } from './store.ts';
import { openTasks, tasksFor } from './tasks.ts';

const notice =
  'A model that learned from withdrawn clips keeps what it learned, and nothing here makes it forget: retire it ' +
  '(`backlot provenance retire`) or train it anew. Exports and copies outside the workspace are not known. This is not legal advice.';

/**
 * Follows a withdrawal into everything that the row has reached: blocks it, changes the ledger, looks again for what commands at work
 * have recorded until then, and removes what must go. It can be given again, also where the row is withdrawn already or no longer in
 * force; nothing is withdrawn that was not blocked.
 * @throws BacklotError `bad-input`, `no-such-row`, `row-not-withdrawable`
 */
export async function withdraw(context: Context, input: RevokeInput): Promise<Withdrawal> {
  const at = new Date().toISOString();
  const plan = await planRevoke(context, input, at);
  const { revoked: planned } = plan;
  const uncompared = await compareGiven(context);
  const atWork = await commandsAtWork(context.db);
  const before = await foundBy(context, plan);
  if (input.dryRun) return { ...planned, ...told(before, uncompared), ...none, atWork, record: null };
  await blocked(context, before, planned.row, (tx) => openBegun(tx, planned.row, at));
  const revoked = await revoke(context, input, at);
  const found = await foundSince(context, plan, before);
  // Nothing may begin to cut into folders that are noted as about to go.
  const done = await withoutCutting(context, () => removed(context, plan, found));
  return { ...revoked, ...told(found, uncompared), ...done, atWork };
}

/** Removes what must go, after it was noted. */
async function removed(context: Context, plan: Planned, found: Found) {
  const { revoked: planned, resting } = plan;
  const removing = await removingOf(context, found, resting);
  const record = await noteRemovals(context, planned.row, removing);
  const done = await followed(context, found.touched, removing, planned.row);
  const thumbnails = await forgetShots(context, removing.shots, planned.row);
  if (removing.given) await purgeGiven(context);
  await removeFolders(removing.left);
  await clearHeld(context, removing);
  await closeBegun(context.db, planned.row);
  return { ...done, thumbnails, record };
}

const none = { purged: [], trials: [], thumbnails: 0, cancelled: [] };

type Found = Awaited<ReturnType<typeof foundBy>>;

/** All that the row has reached, with how long it took to list that, and what people must decide about it. */
async function foundBy(context: Context, plan: Planned) {
  const began = performance.now();
  const { resting, revoked, at } = plan;
  const { touched: impact, worded: takes } = await impactOf(context, resting);
  const unfound = await foundNoMore(context, plan);
  const learned = [...impact, ...(await sidecarsOf(context.db, unfound.films))];
  const { lost, kept: permitted } = await reachedByUse(context, plan, learned);
  const left = await backupsOf(context.db, learned, unfound.films);
  const made = [...learned, ...lost];
  const touched = [...made, ...(await reportsOf(context, made)), ...left];
  const alike = await alikeOf(context, resting, touched);
  const impactSeconds = (performance.now() - began) / 1000;
  const worded = wordedOf(takes);
  const reached = { touched, permitted, alike };
  const tasks = await tasksFor(context, { ...reached, worded: worded.runs }, revoked.row, at);
  return { ...reached, worded, tasks, impactSeconds, unfound };
}

/**
 * What commands at work have recorded by the ledger and the blocks from before is reached too: it is looked for until there is
 * nothing new. What is recorded from then on was decided anew (ADR 0151).
 */
async function foundSince(context: Context, plan: Planned, before: Found): Promise<Found> {
  for (let known = before; ; ) {
    const found = await foundBy(context, plan);
    const names = new Set(namesIn(known));
    if (namesIn(found).every((name) => names.has(name)))
      return { ...found, impactSeconds: known.impactSeconds };
    await blocked(context, found, plan.revoked.row);
    known = found;
  }
}

const namesIn = ({ touched, tasks }: Found): string[] => [
  ...touched.map(({ kind, id }) => `${kind} ${id}`),
  ...tasks.map(({ id }) => id),
];

const told = ({ worded, unfound: _, ...found }: Found, uncompared: readonly Uncompared[]) => ({
  ...found,
  ...{ counts: countsOf(found.touched), worded: [...worded.takes] },
  ...{ uncompared: unreached(uncompared, found.touched), notice },
});

/** Of takes that are reached anyway it does not matter what they were given. */
function unreached(uncompared: readonly Uncompared[], touched: readonly Touched[]): Uncompared[] {
  const reached = new Set(idsOf(touched, 'take'));
  return uncompared
    .map(({ takes, ...given }) => ({ ...given, takes: takes.filter((take) => !reached.has(take)) }))
    .filter(({ takes }) => takes.length > 0);
}

/** The takes whose words were captions of the shots, and the runs that drew them. */
const wordedOf = (takes: readonly WordedTake[]): Worded => ({
  takes: takes.map(({ id }) => id),
  runs: [...new Set(takes.map(({ run }) => run))],
});

async function removingOf(
  context: Context,
  { touched, worded: { takes, runs }, unfound }: Found,
  resting: Resting,
): Promise<Removing> {
  const { uses } = resting;
  const snapshots = idsOf(touched, 'snapshot');
  const hasClips = snapshots.length > 0;
  return {
    worded: { takes, runs: [...runs, ...(hasClips ? await runsUnrecorded(context) : [])] },
    snapshots,
    runs: idsOf(touched, 'run'),
    models: idsOf(touched, 'model'),
    shots: uses === null || uses.includes('index') ? [...unfound.shots.keys()] : null,
    // Among them are first frames of clips, and nothing says which: they go as the clips do.
    given: hasClips || uses === null || uses.includes('condition'),
    left: permitsClips(resting) ? await leftByKilled(context) : [],
  };
}

/** Whether clips or pictures may have been made by the row, also where nothing of them was recorded. */
const permitsClips = ({ shots, uses }: Resting): boolean =>
  shots.size > 0 && (uses === null || uses.some((use) => !use.startsWith('generate.')));

/**
 * What commands that were killed have left: nothing says whose it is, and a command that is given again makes it anew. A draft bears a
 * name that no other gets: one that was listed before nothing is at work is written by nobody any more, whatever begins since.
 */
async function leftByKilled(context: Context): Promise<Removing['left']> {
  const drafts = await reportDrafts(context);
  const dead = (await commandsAtWork(context.db)).length === 0 ? drafts : [];
  return [...(await leftClips(context)), ...dead.map((folder) => ['report-picture', folder] as const)];
}

const idsOf = (touched: readonly Touched[], of: Touched['kind']): string[] =>
  touched.flatMap(({ kind, id }) => (kind === of ? [id] : []));

function countsOf(touched: readonly Touched[]): Withdrawal['counts'] {
  const none = touchedKindSchema.options.map((kind) => [kind, 0]);
  const counts = Object.fromEntries(none) as Withdrawal['counts'];
  for (const { kind } of touched) counts[kind] += 1;
  return counts;
}

/** Blocks and opens tasks, in one transaction. */
async function blocked(
  { db, who }: Context,
  { touched, tasks }: Found,
  row: string,
  note: (tx: Pick<Db, 'insert'>) => Promise<void> = async () => {},
) {
  const details = { counts: countsOf(touched), tasks: tasks.length };
  await db.transaction(async (tx) => {
    await note(tx);
    await block(tx, touched, row);
    await openTasks(tx, tasks);
    await appendAudit(tx, { who, what: BLOCKING, subject: row, details });
  });
}

/** Stops what runs, removes clips; each step can be repeated. */
async function followed(context: Context, touched: readonly Touched[], removing: Removing, row: string) {
  const cancelled = await cancelRuns(context, touched);
  for (const run of removing.runs) await purgeWords(join(context.paths.runs, run));
  await purgeNoticedWords(context, removing.models);
  await purgeBriefWords(context, removing.worded);
  if (concernsWords(removing)) await purgeQueueWords(context.db, removing.snapshots);
  await markWithdrawn(context, idsOf(touched, 'report'));
  const trials = await retireTrials(context, touched, row);
  return { cancelled, trials, purged: await purge(context, touched, row) };
}

/** Asks runs that have not ended to stop at their next step. */
async function cancelRuns({ paths }: Context, touched: readonly Touched[]): Promise<string[]> {
  const running = touched.filter(
    ({ kind, id }) => kind === 'run' && !existsSync(join(paths.runs, id, 'outcome.json')),
  );
  for (const { id } of running) await writeFile(join(paths.runs, id, 'cancel'), '');
  return running.map(({ id }) => id);
}

/** Trials are for a forecast alone: their weights go at once, where those of models wait for people. */
async function retireTrials(context: Context, touched: readonly Touched[], row: string): Promise<string[]> {
  const models = touched.filter(({ kind }) => kind === 'model').map(({ id }) => id);
  const trials = await purgeTrials(context, models, row);
  for (const subject of trials) {
    const act = { what: 'assess.purge', subject, details: { withdrawal: row } };
    await appendAudit(context.db, { who: context.who, ...act });
  }
  return trials;
}

async function purge(context: Context, touched: readonly Touched[], row: string): Promise<string[]> {
  const purged: string[] = [];
  for (const { id } of touched.filter(({ kind }) => kind === 'snapshot')) {
    const snapshot = await readSnapshot(context.db, id);
    if (!snapshot) continue;
    const { files } = await purgeSnapshot(context, snapshot, row);
    const details = { withdrawal: row, files: files.length };
    await appendAudit(context.db, { who: context.who, what: 'dataset.purge', subject: id, details });
    purged.push(id);
  }
  if (purged.length > 0) await purgeFirstFrames(context);
  return purged;
}

/** What describes shots that are found no more goes, with the index of shots. */
async function forgetShots(context: Context, shots: Removing['shots'], row: string): Promise<number> {
  if (shots === null) return 0;
  await purgeIndex(context);
  await purgeReportPictures(context);
  const thumbnails = await purgePictures(context, shots);
  const captions = await purgeCaptions(context, shots);
  const details = { withdrawal: row, thumbnails, captions };
  if (thumbnails + captions > 0)
    await appendAudit(context.db, { who: context.who, what: 'shots.purge', subject: row, details });
  return thumbnails;
}
