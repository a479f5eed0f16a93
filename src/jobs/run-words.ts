import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, TrainJob } from '../contract/index.ts';
import { purgeToldWords } from './told-words.ts';

/**
 * The captions of a training's sample sheet. They lie beside `job.json`, which names them by hash: it never changes, as permit and
 * outcome are bound to its bytes, and what people wrote of clips must go with these (ADR 0073).
 */

const CAPTIONS = 'captions.json';

type Drafted<J extends Job = Job> = J extends Job ? Omit<J, 'id' | 'version' | 'engine' | 'threads'> : never;
type Sheet = Omit<NonNullable<TrainJob['sample']>, 'captions'> & { captions: readonly string[] };

/** A job before it has a home, with the words themselves: the id is made from its content. */
export type JobDraft<J extends Job = Job> = J extends TrainJob
  ? Omit<Drafted<J>, 'sample'> & { sample: Sheet | null }
  : J extends Job
    ? Drafted<J>
    : never;

const textOf = (captions: readonly string[]): string => `${JSON.stringify(captions)}\n`;

/** The draft as the job has it: words by their hash. */
export function wordless(draft: JobDraft): Drafted {
  if (draft.kind !== 'train') return draft;
  if (draft.sample === null) return { ...draft, sample: null };
  const captions = createHash('sha256').update(textOf(draft.sample.captions)).digest('hex');
  return { ...draft, sample: { ...draft.sample, captions } };
}

/** Writes the words beside the job, before it. */
export async function writeWords(directory: string, draft: JobDraft): Promise<void> {
  if (draft.kind !== 'train' || draft.sample === null) return;
  const path = join(directory, CAPTIONS);
  await writeFile(`${path}.tmp`, textOf(draft.sample.captions));
  await rename(`${path}.tmp`, path);
}

/** The file of a run's words; null: it has none, or none any more. */
export function wordsFile(directory: string): string | null {
  const path = join(directory, CAPTIONS);
  return existsSync(path) ? path : null;
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
export function jobHoldsWords(directory: string): boolean {
  const path = join(directory, 'job.json');
  return existsSync(path) && /"sample"\s*:\s*\{\s*"captions"\s*:\s*\[/.test(readFileSync(path, 'utf8'));
}
