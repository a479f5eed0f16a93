import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineBrief, GenerateJob, Job, TrainJob } from '../contract/index.ts';
import { purgeToldWords } from './told-words.ts';

/**
 * The captions of a training's sample sheet, and the words of briefs. They lie beside `job.json`, which names them by hash: it never
 * changes, as permit and outcome are bound to its bytes, and what people wrote of clips must go with these (ADR 0073, 0125).
 */

const CAPTIONS = 'captions.json';
const TEXTS = 'texts.json';

type Drafted<J extends Job = Job> = J extends Job
  ? Omit<J, 'id' | 'version' | 'engine' | 'threads' | 'device'>
  : never;
type Sheet = Omit<NonNullable<TrainJob['sample']>, 'captions'> & { captions: readonly string[] };

/** A job before it has a home, with the words themselves: the id is made from its content. */
export type JobDraft<J extends Job = Job> = J extends TrainJob
  ? Omit<Drafted<J>, 'sample'> & { sample: Sheet | null }
  : J extends GenerateJob
    ? Omit<Drafted<J>, 'briefs' | 'texts'> & { briefs: DraftedBrief[] }
    : J extends Job
      ? Drafted<J>
      : never;

/** A brief with its words. */
export type DraftedBrief = EngineBrief & { text: string };

const listOf = (words: readonly string[]): string => `${JSON.stringify(words)}\n`;
const hashOf = (words: readonly string[]): string => createHash('sha256').update(listOf(words)).digest('hex');

/** The draft as the job has it: words by their hash. */
export function wordless(draft: JobDraft): Drafted {
  if (draft.kind === 'generate') {
    const briefs = draft.briefs.map(({ text: _, ...brief }) => brief);
    return { ...draft, briefs, texts: hashOf(draft.briefs.map(({ text }) => text)) };
  }
  if (draft.kind !== 'train') return draft;
  if (draft.sample === null) return { ...draft, sample: null };
  return { ...draft, sample: { ...draft.sample, captions: hashOf(draft.sample.captions) } };
}

/** Writes the words beside the job, before it. */
export async function writeWords(directory: string, draft: JobDraft): Promise<void> {
  const texts = draft.kind === 'generate' ? draft.briefs.map(({ text }) => text) : null;
  if (texts) await writeList(join(directory, TEXTS), texts);
  if (draft.kind === 'train' && draft.sample)
    await writeList(join(directory, CAPTIONS), draft.sample.captions);
}

async function writeList(path: string, words: readonly string[]): Promise<void> {
  await writeFile(`${path}.tmp`, listOf(words));
  await rename(`${path}.tmp`, path);
}

/** The file of a run's captions; null: it has none, or none any more. */
export const wordsFile = (directory: string): string | null => there(join(directory, CAPTIONS));

/** The file of the words of a run's briefs; null: it has none, or none any more. */
export const textsFile = (directory: string): string | null => there(join(directory, TEXTS));

const there = (path: string): string | null => (existsSync(path) ? path : null);

/** Removes the words of a run's briefs, and what notices tell of them; all else of the run holds. */
export async function purgeTexts(directory: string): Promise<void> {
  await rm(join(directory, TEXTS), { force: true });
  await purgeToldWords(directory);
}

/** Removes them, and words that notices named: the job goes on naming their hash, and permit and outcome hold. */
export async function purgeWords(directory: string): Promise<void> {
  await rm(join(directory, CAPTIONS), { force: true });
  await purgeToldWords(directory);
}

/**
 * Whether a job of an earlier version holds captions itself. They cannot be taken out of it: its permit and outcome are bound to its bytes. Read
 * at once: thousands of small files cost far less so.
 */
export const jobHoldsWords = (directory: string): boolean =>
  jobHas(directory, /"sample"\s*:\s*\{\s*"captions"\s*:\s*\[/);

/** Whether one holds the words of its briefs itself. */
export const jobHoldsTexts = (directory: string): boolean => jobHas(directory, /"text"\s*:\s*"[^"]/);

/** Whether it is a training's. */
export const jobTrains = (directory: string): boolean => jobHas(directory, /"kind"\s*:\s*"train"/);

function jobHas(directory: string, pattern: RegExp): boolean {
  const path = join(directory, 'job.json');
  return existsSync(path) && pattern.test(readFileSync(path, 'utf8'));
}
