import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../jobs/index.ts';
import { withScratch } from '../../media/index.ts';
import { sha256Of } from '../digest.ts';
import type { Take } from '../store.ts';
import { printOf } from './print.ts';
import { isUnreadable, takeLooks } from './read.ts';
import { type Outcome, untriedTakes, writePrint } from './store.ts';

/**
 * Makes the fingerprints that are not there yet. A take that has too little to see is not tried again; one whose file is gone or is
 * not as it was made is, at the next call.
 * @returns takes that could not be tried, with the reason
 */
export async function keepPrints(context: Context): Promise<{ take: string; reason: string }[]> {
  const failed: { take: string; reason: string }[] = [];
  const waiting = await untriedTakes(context.db);
  for (const [done, take] of waiting.entries()) {
    context.signal.throwIfAborted();
    context.report({ phase: 'fingerprints', done, total: waiting.length, unit: 'takes' });
    const reason = await keepPrint(context, take);
    if (reason !== null) failed.push({ take: take.id, reason });
  }
  return failed;
}

/** @returns null, or why the take could not be tried */
export async function keepPrint({ db, signal }: Context, take: Take): Promise<string | null> {
  const content = await readFile(take.videoPath).catch(() => null);
  if (content === null) return `no file at ${take.videoPath}`;
  if (sha256Of(content) !== take.videoSha256) return 'the file is not as it was made';
  await writePrint(db, take.id, await madeOf(content, signal));
  return null;
}

/**
 * Of the very bytes that were hashed: ffmpeg reads a copy in a folder that is closed to others, as it has to seek in it. That a video
 * cannot be known again is no reason not to sign it.
 */
async function madeOf(content: Buffer, signal: AbortSignal): Promise<Outcome> {
  try {
    return await withScratch('print', async (folder) => {
      const copy = join(folder, 'take.mp4');
      await writeFile(copy, content, { flag: 'wx' });
      return printOf(await takeLooks(copy, signal));
    });
  } catch (error) {
    if (isUnreadable(error)) return { reason: error.message };
    throw error;
  }
}
