import { readFile, rename, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { parseRate, probe } from '../media/index.ts';
import { refuseBlocked } from './blocks.ts';
import { readRecord, readTake } from './store.ts';

/** A selected take as it lies in the editor's timeline. */
export interface CutClip {
  take: string;
  name: string;
  path: string;
  frames: number;
  /** Frames a second. */
  rate: number;
  sha256: string;
}

/**
 * Writes a cut of takes, in the order given, whole takes end to end, as an OpenTimelineIO JSON file. The signed file
 * of a take is referenced where there is one.
 * @returns the clips of the cut
 * @throws BacklotError `blocked`
 */
export async function writeCut(
  context: Context,
  takeIds: readonly string[],
  path: string,
): Promise<CutClip[]> {
  await refuseBlocked(
    context.db,
    takeIds.map((id) => ({ kind: 'take', id })),
  );
  const clips: CutClip[] = [];
  for (const id of takeIds) clips.push(await cutClip(context, id));
  const text = `${JSON.stringify(timelineOf('Backlot selects', clips), null, 2)}\n`;
  // The same cut again is no act: nothing to write, nothing for the audit log.
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return clips;
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
  const entry = { what: 'provenance.cut', subject: path, details: { takes: [...takeIds] } };
  await appendAudit(context.db, { who: context.who, ...entry });
  return clips;
}

async function cutClip({ db }: Context, takeId: string): Promise<CutClip> {
  const take = await readTake(db, takeId);
  const record = await readRecord(db, takeId);
  const path = record?.signedPath ?? take.videoPath;
  const { video } = await probe(path);
  const { num, den } = parseRate(video?.averageRate ?? '0');
  const frames = video?.declaredFrames ?? 0;
  if (frames === 0 || num === 0) throw uncuttable(path, frames);
  const name = `${take.briefId} ${take.candidate + 1}`;
  return {
    take: takeId,
    name,
    path,
    frames,
    rate: num / den,
    sha256: record?.signedSha256 ?? take.videoSha256,
  };
}

const uncuttable = (path: string, frames: number) =>
  new BacklotError('take-unreadable', {
    expected: 'a video with frames and a rate',
    where: path,
    found: `${frames} frames`,
    remedy: 'Generate the take again.',
  });

/** The timeline as OpenTimelineIO 0.18 writes it (schemas Timeline.1, Stack.1, Track.1, Clip.2). */
export function timelineOf(name: string, clips: readonly CutClip[]): object {
  const track = { ...item('Track.1', 'V1'), kind: 'Video', children: clips.map(clipOf) };
  const tracks = { ...item('Stack.1', 'tracks'), children: [track] };
  return { OTIO_SCHEMA: 'Timeline.1', metadata: {}, name, global_start_time: null, tracks };
}

const item = (schema: string, name: string) => ({
  ...{ OTIO_SCHEMA: schema, metadata: {}, name, source_range: null },
  ...{ effects: [], markers: [], enabled: true },
});

function clipOf({ take, name, path, frames, rate, sha256 }: CutClip): object {
  const range = rangeOf(frames, rate);
  const media = {
    ...{ OTIO_SCHEMA: 'ExternalReference.1', metadata: {}, name, available_range: range },
    ...{ available_image_bounds: null, target_url: pathToFileURL(path).href },
  };
  return {
    ...item('Clip.2', name),
    metadata: { backlot: { take, sha256 } },
    source_range: range,
    media_references: { DEFAULT_MEDIA: media },
    active_media_reference_key: 'DEFAULT_MEDIA',
  };
}

const rangeOf = (frames: number, rate: number) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: { OTIO_SCHEMA: 'RationalTime.1', rate, value: 0 },
  duration: { OTIO_SCHEMA: 'RationalTime.1', rate, value: frames },
});
