import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { toldOutcome } from '../../jobs/index.ts';
import type { Model } from '../store.ts';
import { isNamedByContent, parsed, type TrainRecord, trainJobOf, trainRecordSchema } from '../train-job.ts';
import type { Moment } from './moment.ts';

/** A training run that ended well in the period, as its own directory tells it. */
export interface FinishedRun {
  id: string;
  ended: string;
  job: TrainRecord;
}

export interface FoundRuns {
  runs: FinishedRun[];
  notKnown: string[];
  /** Of these, the trainings of which a key would have to be known here. */
  unbelieved: string[];
  /** All trainings whose directory says when they ended, also outside the period. */
  dated: ReadonlySet<string>;
}

/** Runs that were set aside or are not by us have other names. */
const runName = /^run_[0-9a-f]{12}$/;

/**
 * The training runs that succeeded within `[from, until)`. A run that was cancelled and continued is one: the last, whose
 * steps count from the first. Preflights are no trainings: their weights are thrown away.
 * @param asOf of the statement; undefined: one of a version that believed every outcome
 */
export async function finishedRuns(
  folder: string,
  { from, until }: { from: string; until: string },
  asOf: Moment,
): Promise<FoundRuns> {
  const dated = new Set<string>();
  const found: FoundRuns = { runs: [], notKnown: [], unbelieved: [], dated };
  for (const id of (await readdir(folder).catch(() => [])).filter((name) => runName.test(name)).sort()) {
    const job = await trainJobOf(join(folder, id));
    const ended = job && (await endOf(join(folder, id)));
    if (!job || !ended) continue;
    dated.add(id);
    if (ended < from || ended >= until) continue;
    const left = await leftOut(join(folder, id), id, job, asOf);
    if (left.notKnown.length === 0) found.runs.push({ id, ended, job: trainRecordSchema.parse(job) });
    found.notKnown.push(...left.notKnown);
    found.unbelieved.push(...left.unbelieved);
  }
  return found;
}

/**
 * Trainings that the database knows by a model, and whose directory is gone or does not say when they ended.
 * @param models that were kept in the period: the only date that is left of their trainings. It ends before a statement of it is made
 */
export const lostRuns = (models: readonly Model[], dated: ReadonlySet<string>): string[] =>
  models.flatMap(({ id, runId, madeAt }) =>
    runId === null || dated.has(runId)
      ? []
      : `Training ${runId}: its model ${id} was kept at ${madeAt.toISOString()}, but its folder is not there or does not say when it ended, so what was seen is not known.`,
  );

/** When the run ended: by its marked outcome, or where that does not say by its last event; null where it wrote none. */
async function endOf(directory: string): Promise<string | null> {
  const told = await toldOutcome(directory).catch(() => null);
  const marked = told?.by === 'run' && told.outcome.status !== 'failed' ? told.outcome.endedAt : undefined;
  return marked ?? lastEvent(directory);
}

async function lastEvent(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, 'events.jsonl'), 'utf8').catch(() => '');
  const last = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1) ?? '';
  const at = z.looseObject({ at: z.iso.datetime({ offset: true }) }).safeParse(parsed(last)).data?.at;
  return at === undefined ? null : new Date(at).toISOString();
}

/** Why a training is not counted; nothing where it is. */
async function leftOut(
  directory: string,
  id: string,
  job: Record<string, unknown>,
  asOf: Moment,
): Promise<Pick<FoundRuns, 'notKnown' | 'unbelieved'>> {
  const because = (why: string) => ({ notKnown: [`Training ${id}${why}`], unbelieved: [] });
  const told = await toldOutcome(directory);
  if (told?.outcome.status !== 'succeeded')
    return because(
      ` ${told?.outcome.status ?? 'has not ended'}: it made no model, and what it had shown by then is not counted.`,
    );
  if (!trainRecordSchema.safeParse(job).success) return because(': its job does not say what was seen.');
  if (!isNamedByContent(id, job)) return because(': its job was changed after it was named.');
  if (asOf === undefined || told.by !== 'anybody') return { notKnown: [], unbelieved: [] };
  const { notKnown } = because(`: ${anybodyWords(told.unknownKey)}`);
  return { notKnown, unbelieved: told.unknownKey === null ? [] : notKnown };
}

const anybodyWords = (key: string | null): string =>
  key === null
    ? 'its outcome bears no mark of the run, so anybody may have written it.'
    : `what shows that its outcome is its own is signed by key ${key}, which is not believed here, so anybody may have written it. ` +
      `If the studio had that key and nobody else ever did: its public key among the trusted ones, then \`backlot provenance retire-key ${key}\`.`;
