import { stat } from 'node:fs/promises';
import { type RateFound, rateIn } from '../catalog/index.ts';
import { BacklotError, type Report } from '../contract/index.ts';
import { type ProbeFacts, parseRate, probe, rateNumber, tryParseRate } from '../media/index.ts';
import { filmProgress } from './progress.ts';
import { readFilm } from './read-film.ts';
import { type DetectorName, type FoundInFile, share } from './schema.ts';

/**
 * Finds the shots of a film file; needs no workspace and only reads.
 * @throws BacklotError `no-such-file`, `no-video`, `no-rate`, `ffprobe-failed`, `ffmpeg-failed`
 */
export async function detectFile(
  path: string,
  { detector, report, signal }: { detector: DetectorName; report: Report; signal?: AbortSignal | undefined },
): Promise<FoundInFile> {
  await checkFile(path);
  const facts = await probe(path, signal);
  const declared = rateOf(path, facts);
  const { fps, pulldown } = await asCatalogued(path, facts, declared, { report, signal });
  const progress = filmProgress(report, framesExpected(facts, declared));
  const video = facts.video ?? undefined;
  const options = { fps, pulldown, video, detector, report, signal, onFrames: progress.onFrames };
  const { found, network } = await readFilm(path, options);
  progress.end(found.frames);
  return { file: path, fps, ...found, network: share(network), pulldown: pulldown?.first ?? null };
}

/** By the catalogue's rules: what film shown as video, or a film with a hole, declares is not how it runs. */
async function asCatalogued(
  path: string,
  facts: ProbeFacts,
  declared: string,
  { report, signal }: { report: Report; signal?: AbortSignal | undefined },
): Promise<RateFound> {
  const total = framesExpected(facts, declared);
  const onFrame = (done: number) =>
    report({ phase: 'looking for pulldown', done, total: Math.max(done, total), unit: 'frames' });
  const options = { signal: signal ?? new AbortController().signal, onFrame };
  const found = await rateIn(path, facts, options);
  return found ?? { fps: declared, pulldown: undefined };
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return;
  throw new BacklotError('no-such-file', {
    expected: 'a film file',
    where: path,
    found: found ? 'something that is no file' : 'nothing',
    remedy: 'Check the path; for a folder, use catalog add and then shots detect without a file.',
  });
}

function rateOf(path: string, { video }: ProbeFacts): string {
  const rate = tryParseRate(video?.averageRate ?? undefined) ?? tryParseRate(video?.baseRate ?? undefined);
  if (rate) return `${rate.num}/${rate.den}`;
  throw new BacklotError(video ? 'no-rate' : 'no-video', {
    expected: video ? 'a frame rate' : 'a video stream',
    where: path,
    found: video ? 'a video stream that declares none' : 'no picture',
    remedy: video ? 'Add the file to the catalogue, which measures its rate.' : 'Name a file with a picture.',
  });
}

/** What the container declares; only for the progress bar. */
function framesExpected({ video, declaredSeconds }: ProbeFacts, fps: string): number {
  const seconds = video?.declaredSeconds ?? declaredSeconds ?? 0;
  return video?.declaredFrames ?? Math.round(seconds * rateNumber(parseRate(fps)));
}
