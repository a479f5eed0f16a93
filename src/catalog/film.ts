import { BacklotError } from '../contract/index.ts';
import {
  checkDecode,
  type DecodeCheck,
  type FieldsFirst,
  isTimecode,
  type ProbeFacts,
  parseRate,
  probe,
  rateNumber,
  type VideoFacts,
} from '../media/index.ts';
import { walkBoxes } from './boxes.ts';
import { showsTwoMoments } from './comb.ts';
import {
  encrypted,
  isEncrypted,
  pictureOf,
  refusalOfDecode,
  refusalOfPictures,
  refusalOfProbe,
} from './diagnose.ts';
import type { FrameTable } from './frame-table.ts';
import { counted, type Timing, timingOf } from './rate.ts';
import { Refusal } from './refusal.ts';
import { repeatsIn } from './repeats.ts';
import type { FilmFacts, Telecine } from './schema.ts';
import { refuseTorn, type SequenceRead, sequenceFacts } from './sequence.ts';
import { cadenceOf, mayBePulledDown } from './telecine.ts';
import { type Watch, watched } from './watch.ts';
import { mayBeWoven, wovenOrder } from './woven.ts';

/** A film that decodes: what the catalogue keeps of it. */
export interface Examined {
  frames: number;
  fps: string;
  facts: Omit<FilmFacts, 'marks'>;
  table: FrameTable;
}

export interface ExamineOptions {
  /** First bytes of the file. */
  head: Buffer;
  signal: AbortSignal;
  /** Frames decoded so far, and how many the file declares. */
  onFrames: (frames: number, declared: number | null) => void;
  /** Set where the film is an image sequence. */
  sequence: SequenceRead | null;
  /** Seconds without progress after which a file counts as hanging. */
  stallSeconds: number;
}

/**
 * Probes a film and decodes every frame of it. Opens it read-only.
 * @throws Refusal with the reason where nothing of it can be used
 */
export async function examine(path: string, options: ExamineOptions): Promise<Examined> {
  const { sequence } = options;
  const facts = await watched(options, (watch) => probed(path, watch, sequence !== null));
  const video = pictureOf(facts, sequence !== null);
  const check = await watched(options, (watch) => decoded(path, video, options, watch));
  if (sequence) refuseTorn(sequence, check);
  else if (check.errors > 0 || check.pts.length === 0) await refuseUnusable(path, video, check, options.head);
  const timing = sequence
    ? counted(check.pts.length, parseRate(sequence.fps))
    : timingOf(check.pts, video.timeBase, [video.averageRate, video.baseRate]);
  const again = (watch: Watch) => ({
    signal: watch.signal,
    onFrame: (done: number) => {
      watch.alive();
      options.onFrames(done, check.pts.length);
    },
  });
  const { telecine, repeats } = await watched(options, (watch) =>
    telecineOf(path, video, timing, check, again(watch)),
  );
  const table = { timeBase: timing.timeBase, pts: timing.pts, ...repeats };
  const found = { ...filmFacts(facts, video, check, timing), ...(sequence ? sequenceFacts(sequence) : {}) };
  const seen = await watched(options, (watch) => wovenOf(path, video, telecine, check, again(watch)));
  const known = { ...found, telecine, fieldsSeen: seen, interlaced: found.interlaced || seen !== null };
  return { frames: check.pts.length, fps: timing.fps, facts: known, table };
}

/** For a look at all frames once more. */
interface LookOptions {
  signal: AbortSignal;
  onFrame: (done: number) => void;
}

/** Codecs of single pictures: a film in them may say that it is interlaced, its decoded frames never do. */
const PICTURE_CODECS = ['png', 'qtrle', 'jpeg2000', 'mjpeg', 'tiff', 'targa', 'dpx'];

/** How fields are woven in a film whose frames do not say that they are, for which one that looks so is decoded once more. */
async function wovenOf(
  path: string,
  video: VideoFacts,
  telecine: Telecine | null,
  { fields, pts, formatChanges }: DecodeCheck,
  options: LookOptions,
): Promise<FieldsFirst | null> {
  const isSaid = (isInterlaced(video) && !PICTURE_CODECS.includes(video.codec)) || telecine !== null;
  if (isSaid || video.rotation !== 0) return null;
  const first = wovenOrder(fields, pts.length);
  // Where its size changes, the lines of the frames that come out are no longer those of the file.
  if (first === null || formatChanges > 0) return first;
  const isSure = await showsTwoMoments(path, { first, height: video.height, fields }, options);
  return isSure ? first : null;
}

const isInterlaced = ({ fieldOrder }: VideoFacts): boolean =>
  fieldOrder === 'top-first' || fieldOrder === 'bottom-first';

/** 3:2 pulldown, and the frames that repeat once it is undone, for which the film is decoded once more. */
export async function telecineOf(
  path: string,
  video: VideoFacts,
  timing: Timing,
  { fields, finished, formatChanges }: DecodeCheck,
  options: LookOptions,
): Promise<{ telecine: Telecine | null; repeats?: { repeats: ReadonlySet<number> } }> {
  if (timing.softPulldown) return { telecine: { kind: 'soft', first: null, share: 1, repeats: 0 } };
  const isWhole = finished && formatChanges === 0 && video.rotation === 0;
  const cadence = isWhole && mayBePulledDown(timing.fps) ? cadenceOf(fields) : null;
  if (!cadence) return { telecine: null };
  const shape = { first: cadence.first, height: video.height };
  const repeats = new Set(await repeatsIn(path, shape, options));
  return { telecine: { kind: 'hard', ...cadence, repeats: repeats.size }, repeats: { repeats } };
}

async function refuseUnusable(
  path: string,
  video: VideoFacts,
  check: DecodeCheck,
  head: Buffer,
): Promise<void> {
  const boxes = await walkBoxes(path);
  if (isEncrypted(boxes, head)) throw encrypted();
  if (check.pts.length === 0) throw refusalOfDecode(video, check, boxes);
}

async function probed(path: string, watch: Watch, isSequence: boolean): Promise<ProbeFacts> {
  try {
    return await probe(path, watch.signal);
  } catch (error) {
    if (!(error instanceof BacklotError && error.code === 'ffprobe-failed')) throw error;
    throw isSequence
      ? refusalOfPictures(error.facts.found)
      : refusalOfProbe(error.facts.found, await walkBoxes(path));
  }
}

/** Where the system did not give the film's bytes, it is decoded once more: what is the file's own comes again. */
async function decoded(
  path: string,
  video: VideoFacts,
  options: ExamineOptions,
  watch: Watch,
): Promise<DecodeCheck> {
  const check = await decodedOnce(path, video, options, watch);
  if (check.unread === null) return check;
  const again = await decodedOnce(path, video, options, watch);
  if (again.pts.join() === check.pts.join()) return again;
  throw new Refusal(
    'unreadable',
    `${again.pts.length} and ${check.pts.length} frames came of it (${check.unread}): see that its disk or share answers, and add it again`,
  );
}

function decodedOnce(
  path: string,
  video: VideoFacts,
  options: ExamineOptions,
  watch: Watch,
): Promise<DecodeCheck> {
  const expected = video.declaredFrames ?? expectedFrames(video);
  const onFrame = (frames: number) => {
    watch.alive();
    options.onFrames(frames, expected);
  };
  options.onFrames(0, expected);
  const fields = mayBeWoven(video.averageRate ?? video.baseRate);
  return checkDecode(path, { signal: watch.signal, onFrame, fields });
}

function expectedFrames(video: VideoFacts): number | null {
  if (video.averageRate === null || video.declaredSeconds === null) return null;
  return Math.round(video.declaredSeconds * rateNumber(parseRate(video.averageRate)));
}

function filmFacts(
  facts: ProbeFacts,
  video: VideoFacts,
  check: DecodeCheck,
  timing: Timing,
): Examined['facts'] {
  return {
    ...pictureFacts(video),
    container: facts.format,
    timeBase: timing.timeBase,
    timestamps: timing.timestamps,
    variableRate: timing.variableRate,
    timeGaps: timing.timeGaps,
    declaredRate: video.averageRate,
    ...startOf(facts, timing),
    declaredSeconds: facts.declaredSeconds,
    declaredVideoSeconds: video.declaredSeconds,
    declaredFrames: video.declaredFrames,
    decodedSeconds: decodedSeconds(timing),
    formatChanges: check.formatChanges,
    otherVideoStreams: facts.otherVideoStreams,
    tracks: facts.tracks,
    sequence: null,
    damaged: damageOf(check),
  };
}

/** A label that the film's rate does not have counts as none, and is said. */
function startOf({ startTimecode, dropFrame, unreadTimecode }: ProbeFacts, { fps }: Timing) {
  if (startTimecode === null || isTimecode(startTimecode, fps, dropFrame))
    return { startTimecode, dropFrame, unreadTimecode };
  return { startTimecode: null, dropFrame: false, unreadTimecode: startTimecode };
}

function pictureFacts(video: VideoFacts) {
  const { codec, profile, pixelFormat, bitDepth, width, height, rotation, sampleAspect, fieldOrder, hdr } =
    video;
  const { colorMatrix, colorTransfer, colorPrimaries, colorRange } = video;
  const interlaced = isInterlaced(video);
  const shape = {
    codec,
    profile,
    pixelFormat,
    bitDepth,
    width,
    height,
    rotation,
    sampleAspect,
    fieldOrder,
    interlaced,
  };
  return { ...shape, hdr, colorMatrix, colorTransfer, colorPrimaries, colorRange };
}

/** The last frame lasts as long as one frame at the film's rate. */
function decodedSeconds({ pts, timeBase, fps }: Timing): number {
  const span = ((pts.at(-1) ?? 0) - (pts[0] ?? 0)) * rateNumber(parseRate(timeBase));
  return Number((span + 1 / rateNumber(parseRate(fps))).toFixed(6));
}

function damageOf({ errors, messages, finished }: DecodeCheck): FilmFacts['damaged'] {
  return errors > 0 || !finished ? { errors, messages, finished } : null;
}
