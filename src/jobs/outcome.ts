import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { BacklotError, type Job, messageOf, type Outcome, outcomeSchema } from '../contract/index.ts';
import { hasKeylessPermit, readMarked, unknownSigner } from '../trust/index.ts';
import { fileHash } from './hash.ts';

/**
 * The run's outcome as it lies there, or null while it has none. Whoever can write the workspace can have written it.
 * @throws BacklotError `outcome-invalid`
 */
export async function outcomeOf(directory: string): Promise<Outcome | null> {
  const path = join(directory, 'outcome.json');
  if (!existsSync(path)) return null;
  try {
    return outcomeSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new BacklotError('outcome-invalid', {
      expected: 'an outcome as the engine writes it',
      where: path,
      found: messageOf(error),
      remedy: 'Move the folder of the run away and run the command again.',
    });
  }
}

/** What `job.json` holds. */
export const jobText = (job: Job): string => `${JSON.stringify(job, null, 2)}\n`;

/**
 * The run's outcome, or null while it has none: what others go on with bears the run's mark. A failure needs none, as nobody does. What has
 * ended well stays so after the key was retired by which the run was permitted: it is not done again. From its checkpoints nothing goes on then.
 * @throws BacklotError `outcome-invalid`, `mark-invalid`
 */
export async function markedOutcome(directory: string, job: Job): Promise<Outcome | null> {
  const outcome = await outcomeOf(directory);
  if (outcome === null || outcome.status === 'failed') return outcome;
  const marked = async (by: 'trusted' | 'history') => {
    const bytes = await readMarked(directory, 'outcome.json', { id: job.id, text: jobText(job) }, by);
    return outcomeSchema.parse(JSON.parse(bytes.toString()));
  };
  const ended = await marked('history');
  return ended.status === 'succeeded' ? ended : marked('trusted');
}

/**
 * The run's outcome for who tells of what was done, with who has written it: the `run` by its mark, a run of an `earlier` version,
 * which marked none, by a permit of that version, else `anybody`; `unknownKey`: id of the key by which it says that it is marked, which nothing
 * here knows. Null while it has none.
 * @throws BacklotError `outcome-invalid`
 */
export async function toldOutcome(
  directory: string,
): Promise<{ outcome: Outcome; by: 'run' | 'earlier' | 'anybody'; unknownKey: string | null } | null> {
  const outcome = await outcomeOf(directory);
  if (outcome === null) return null;
  const text = await readFile(join(directory, 'job.json'), 'utf8').catch(() => '');
  const job = { id: basename(directory), text };
  const marked = await readMarked(directory, 'outcome.json', job, 'history').catch(() => null);
  if (marked)
    return { outcome: outcomeSchema.parse(JSON.parse(marked.toString())), by: 'run', unknownKey: null };
  if (await hasKeylessPermit(directory, job)) return { outcome, by: 'earlier', unknownKey: null };
  return { outcome, by: 'anybody', unknownKey: await unknownSigner(directory) };
}

/** A file or folder that an outcome names; the path is relative to the run's directory. */
export const artifactSchema = z.looseObject({ path: z.string(), sha256: z.string() });

/** All of them in a result, which tells numbers too. */
export const artifactsIn = (result: Extract<Outcome, { status: 'succeeded' }>['result']) =>
  Object.values(result).flatMap((value) => artifactSchema.safeParse(value).data ?? []);

/**
 * The files that an outcome names must still be as the run left them. Folders of weights are hashed by the engine, each time it reads them.
 * @throws BacklotError `artifact-exchanged`
 */
export async function refuseExchanged(
  directory: string,
  { result }: Extract<Outcome, { status: 'succeeded' }>,
): Promise<void> {
  for (const named of artifactsIn(result)) {
    const path = join(directory, named.path);
    const isFile = (await stat(path).catch(() => null))?.isFile();
    if (isFile && (await fileHash(path)) !== named.sha256) throw exchanged(path, named.sha256);
  }
}

const exchanged = (where: string, sha256: string): BacklotError =>
  new BacklotError('artifact-exchanged', {
    expected: `the file with sha256 ${sha256} that the run has marked`,
    where,
    found: 'another',
    remedy: 'Restore it, or move the folder of the run away and run the command again.',
  });
