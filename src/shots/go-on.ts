import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogFile, frameTable } from '../catalog/index.ts';
import { messageOf } from '../contract/index.ts';
import { type Context, folderHash } from '../jobs/index.ts';
import {
  checkDecode,
  filmHash,
  type Pulldown,
  parseRate,
  rateNumber,
  runFfmpeg,
  type Seek,
  seekLead,
  sequenceAt,
} from '../media/index.ts';
import { type AskedKey, type Left, type PassKey, readLeft } from './left-pass.ts';
import type { DetectorName } from './schema.ts';
import { unfinishedFolder } from './unfinished.ts';

type Where = Pick<Context, 'paths' | 'report' | 'signal'>;

/** What a pass over a film is to be known by. */
export async function passKey(
  file: CatalogFile,
  { detector, pulldown }: { detector: DetectorName; pulldown: Pulldown | undefined },
): Promise<AskedKey> {
  const { sha256, fps, frames, facts } = file;
  const code = await codeMark();
  const by = async () => {
    const decides = { code: [...code, await ffmpegVersion()], fps, frames, facts, pulldown };
    return createHash('sha256').update(JSON.stringify(decides)).digest('hex');
  };
  return { film: sha256, stamp: await stampOf(file.path), detector, by };
}

/** Code and what was learned: tests decide nothing. */
const sources = /(?<!\.test|\.test-support)\.(ts|json)$/;

/** Of the code that finds shots and decodes films. Asked once, as the pass begins: it does not change while a command works. */
const codeMark = once((): Promise<string[]> => {
  const folders = [import.meta.dirname, join(import.meta.dirname, '../media')];
  return Promise.all(folders.map((folder) => folderHash(folder, sources)));
});

/** To start it takes a tenth of a second. */
const ffmpegVersion = once(async (): Promise<string> => {
  const chunks: Buffer[] = [];
  await runFfmpeg(['-version'], { onStdout: (chunk) => void chunks.push(chunk) });
  return Buffer.concat(chunks).toString();
});

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= ask();
    return known;
  };
}

/** Sizes and times of change of a film's files: while they stay the bytes do, as far as anybody can tell without reading them. */
async function stampOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await sequenceAt(path))?.files ?? [path]) {
    // Of a file that is gone decoding tells.
    const found = await stat(file).catch(() => null);
    hash.update(`${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** What an earlier command left, and where decoding goes on from it. */
export interface GoingOn {
  left: Left;
  seek: Seek & { lastStill: number };
}

/**
 * What an earlier command left of a film's pass, where another can go on from it exactly. Else it is thrown away, and said why.
 */
export async function goingOn(context: Where, file: CatalogFile, key: AskedKey): Promise<GoingOn | null> {
  const folder = unfinishedFolder(context, file);
  const found = await usable(context, file, key).catch((error: unknown) => {
    context.signal.throwIfAborted();
    return `what an earlier command left cannot be read (${messageOf(error)})`;
  });
  if (found === null || typeof found === 'string') {
    if (found !== null) beginsAnew(context, file, found);
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  const { end } = found.left.state.detector;
  say(context, file, end, `goes on at frame ${end} of ${file.frames}, where an earlier command was stopped`);
  return found;
}

export const beginsAnew = (context: Pick<Where, 'report'>, file: CatalogFile, why: string): void =>
  say(context, file, 0, `begins anew: ${why}`);

function say(
  { report }: Pick<Where, 'report'>,
  { frames, titleName }: CatalogFile,
  done: number,
  what: string,
): void {
  report({
    phase: 'shots',
    done,
    total: frames,
    unit: 'frames',
    note: titleName,
    notice: `${titleName}: ${what}`,
  });
}

async function usable(context: Where, file: CatalogFile, key: AskedKey): Promise<GoingOn | string | null> {
  const left = await readLeft(unfinishedFolder(context, file), rateNumber(parseRate(file.fps)));
  if (!left) return null;
  const other = await otherwise(file, left.head.key, key);
  if (other) return other;
  const seek = await seekTo(context, file, left.state.detector.first);
  return typeof seek === 'string' ? seek : { left, seek: { ...seek, lastStill: left.state.stills.last } };
}

async function otherwise({ path, sha256 }: CatalogFile, was: PassKey, is: AskedKey): Promise<string | null> {
  if (was.film !== is.film) return 'what an earlier command left is of another film';
  if (was.detector !== is.detector) return `the pass that was stopped was with the ${was.detector} detector`;
  if (was.by !== (await is.by()))
    return 'the pass that was stopped was by another version of Backlot or ffmpeg';
  // A copy of the same bytes has another time.
  const isSame = was.stamp === is.stamp || (await filmHash(path)) === sha256;
  return isSame ? null : 'the file has changed since its pass was stopped';
}

/** Frames before the one that is sought to which ffmpeg is sent: codecs show frames up to 16 later than they decode them. */
const leadFrames = 32;
/** Frames whose times must be as catalogued, and those that may come before: a seek that leads nowhere begins the film. */
const comparedFrames = 32;
const mostBefore = 3000;

/** Where decoding goes on at a frame, or why it cannot: times after a seek must be those of the frame table. */
async function seekTo(context: Where, file: CatalogFile, frame: number): Promise<Seek | string> {
  const { pts, timeBase } = await frameTable(context, file.id);
  if (pts.some((at, i) => !(at > (pts[i - 1] ?? Number.NEGATIVE_INFINITY))))
    return 'the times of its frames do not say which is which';
  const first = frame - seekLead;
  const [at, before] = [pts[first] ?? Number.NaN, pts[Math.max(0, first - leadFrames)] ?? 0];
  const seek = { frame, pts: at, seconds: Math.max(0, before * rateNumber(parseRate(timeBase))) };
  const behind = (some: readonly number[]) => some.filter((one) => one >= at);
  const { pts: seen } = await checkDecode(file.path, {
    ...{ seek, signal: context.signal },
    enough: (some) =>
      some.length > mostBefore || behind(some.slice(-comparedFrames)).length >= comparedFrames,
  });
  const wanted = pts.slice(first, first + comparedFrames);
  const isSame = behind(seen).slice(0, wanted.length).join() === wanted.join();
  return isSame ? seek : 'its frames cannot be sought exactly';
}
