import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertUnchanged } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo, stretchesOf } from '../media/index.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { eachClip } from './cut.ts';
import type { Master, PlannedVideo } from './export-plan.ts';
import type { ClipShape, LeftOut } from './export-schema.ts';
import { type Gone, goneBy } from './masters.ts';

/** Changes when the same frames and size would give another file. */
const encoderVersion = 4;

/** What trainers read by may convert by BT.601 whatever a file says (ADR 0184). */
const matrix = 'smpte170m';

/** A video that lies in the workspace, ready to be linked into an export. */
export interface EncodedVideo extends PlannedVideo {
  path: string;
}

/**
 * The videos of a plan as H.264 files in the workspace, cut now or kept from an export before. Each is whole as soon as
 * it has its name, so an export that was killed goes on with the next. What this export does not use is removed
 * afterwards: exports hold links of their own.
 * @throws BacklotError `master-changed`, `master-missing`, `film-too-short`, what decoding throws
 */
export async function encodeClips(
  context: Context,
  planned: readonly PlannedVideo[],
  shape: ClipShape,
): Promise<{ videos: EncodedVideo[]; leftOut: LeftOut[] }> {
  const folder = encodedFolder(context.paths.datasets);
  await mkdir(folder, { recursive: true });
  const known = new Set(await readdir(folder));
  const all = planned.map((video) => ({ ...video, path: join(folder, nameOf(video, shape)) }));
  const films = Map.groupBy(
    all.filter(({ path }) => !known.has(path.slice(folder.length + 1))),
    groupOf,
  );
  let film = 0;
  const gone = new Map<EncodedVideo, Gone>();
  for (const own of films.values()) {
    film += 1;
    const found = await goneIn(context, own, shape, `film ${film} of ${films.size}`);
    if (found) for (const video of own) gone.set(video, found);
  }
  const videos = all.filter((video) => !gone.has(video));
  const [first] = gone.values();
  if (first && videos.length === 0) throw first.error;
  await prune(folder, new Set(all.map(({ path }) => path)));
  const leftOut = [...gone].map(([{ line }, { reason }]) => ({ clip: line.id, shot: line.shot, reason }));
  return { videos, leftOut };
}

/** Cuts what an export shows of a film; null, or why its master gives nothing now. */
async function goneIn(
  context: Context,
  videos: readonly EncodedVideo[],
  shape: ClipShape,
  note: string,
): Promise<Gone | null> {
  try {
    await encodeFilm(context, videos, shape, note);
    return null;
  } catch (error) {
    context.signal.throwIfAborted();
    return goneBy(error, (videos[0] as EncodedVideo).master);
  }
}

/** Where the videos of the last export lie. */
export const encodedFolder = (datasets: string): string => join(datasets, 'encoded');

function nameOf({ master, frames, crop, origin }: PlannedVideo, { fps, width, height }: ClipShape): string {
  const content = { file: master.sha256, frames, crop, fps, width, height, ...fieldsOf(origin, master) };
  return `${sha256(canonicalJson({ encoderVersion, ...content }))}.mp4`;
}

/** Clips of one film that show the same part of its picture are cut in one pass. */
const groupOf = ({ master, origin, crop }: EncodedVideo): string =>
  canonicalJson({ file: master.sha256, ...fieldsOf(origin, master), crop });

const fieldsOf = ({ deinterlaced, pulldown }: EncodedVideo['origin'], { interlaced }: Master) => ({
  ...{ deinterlace: deinterlaced && interlaced },
  ...(pulldown ? { pulldown } : {}),
});

async function encodeFilm(
  context: Context,
  videos: readonly EncodedVideo[],
  shape: ClipShape,
  note: string,
): Promise<void> {
  const [first] = videos;
  if (!first) return;
  const master: Master = first.master;
  await assertUnchanged(master.path, master.sha256);
  const { crop, origin } = first;
  const { fps, width, height } = shape;
  const deinterlace = origin.deinterlaced && master.interlaced;
  const pulldown = origin.pulldown
    ? { first: origin.pulldown, stretches: stretchesOf(master.table.repeats ?? []) }
    : undefined;
  const size = { path: master.path, crop, width, height, deinterlace, pulldown, soften: 0 };
  const cut = { ...size, windows: videos.map(({ frames }) => frames) };
  const frameBytes = width * height * 3;
  const { signal } = context;
  let done = 0;
  await eachClip(cut, { signal }, async ({ window, bytes }) => {
    const path = (videos[window] as EncodedVideo).path;
    await encodeVideo({ path, width, height, fps, matrix, frames: framesIn(bytes, frameBytes), signal });
    done += 1;
    context.report({ phase: 'cut videos', done, total: videos.length, unit: 'clips', note });
  });
}

function* framesIn(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function prune(folder: string, used: ReadonlySet<string>): Promise<void> {
  const unused = (await readdir(folder)).map((name) => join(folder, name)).filter((path) => !used.has(path));
  await Promise.all(unused.map((path) => rm(path, { force: true })));
}
