import { readFile, rename, writeFile } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { formatOf, otioText, type Timeline } from '../editorial/index.ts';
import { listTakes } from '../generate/index.ts';
import { appendAudit, type Context, fileHash, writeNew } from '../jobs/index.ts';
import { probe, tryParseRate } from '../media/index.ts';
import { listVerdicts } from '../review/index.ts';
import { recordStanding, type Standing, standing } from '../rights/index.ts';
import { refuseTakes } from './blocks.ts';
import { openOf } from './open.ts';
import { type CutInput, type CutOutput, notLegalAdvice } from './schema.ts';
import { readRecord, readTake } from './store.ts';
import { openWords } from './words.ts';

/** A selected take as it lies in the editor's timeline. */
export interface CutClip {
  take: string;
  name: string;
  path: string;
  frames: number;
  /** Rational rate of the file. */
  fps: string;
  sha256: string;
}

/**
 * Writes a cut of takes, in the order given, whole takes end to end, as an OpenTimelineIO JSON file. The signed file
 * of a take is referenced where there is one. Takes that could not be drawn today are told of.
 * @returns the clips of the cut
 * @throws BacklotError `blocked`
 */
export async function writeCut(
  context: Context,
  takeIds: readonly string[],
  path: string,
): Promise<CutClip[]> {
  const by = await standing(context.db);
  const clips = await cutClips(context, takeIds);
  const text = otioText(timelineOf('Backlot selects', clips));
  // The same cut again is no act: nothing to write, nothing for the audit log.
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return clips;
  await noteCut(context, by, { takeIds, path }, async () => {
    await writeFile(`${path}.tmp`, text);
    await rename(`${path}.tmp`, path);
  });
  for (const notice of (await openOf(context, takeIds)).map(openWords))
    context.report({ phase: 'cut', done: 0, total: 0, unit: '', notice });
  return clips;
}

/**
 * Writes the takes that people called usable, or those named, as a new file for an editing program, by its ending.
 * @throws BacklotError `nothing-selected`, `blocked`, `format-unknown`, `file-exists`
 */
export async function cutSelects(context: Context, { takes, to }: CutInput): Promise<CutOutput> {
  const format = formatOf(to);
  const by = await standing(context.db);
  const ids = takes.length > 0 ? takes : await selected(context.db);
  if (ids.length === 0) throw nothingSelected();
  const clips = await cutClips(context, ids);
  const text = format.write(timelineOf('Backlot selects', clips));
  await noteCut(context, by, { takeIds: ids, path: to }, () => writeNew(to, text));
  const frames = clips.reduce((sum, clip) => sum + clip.frames, 0);
  return { to, takes: ids, frames, open: await openOf(context, ids), notice: notLegalAdvice };
}

/** What the newest verdict on each take says, whoever gave it; in the order of briefs and candidates. */
async function selected(db: Db): Promise<string[]> {
  const newest = new Map((await listVerdicts(db)).map(({ take, verdict }) => [take, verdict]));
  const usable = [...newest].flatMap(([take, verdict]) => (verdict === 'usable' ? [take] : []));
  return usable.length === 0 ? [] : (await listTakes(db, usable)).map(({ id }) => id);
}

/** The clips of takes, none of which a withdrawal has blocked. */
async function cutClips(context: Context, takeIds: readonly string[]): Promise<CutClip[]> {
  await refuseTakes(context.db, takeIds);
  const clips: CutClip[] = [];
  for (const id of takeIds) clips.push(await cutClip(context, id));
  return clips;
}

/** The cut and its row of the audit log, none of both where a withdrawal has reached one of the takes by then. */
async function noteCut(
  { db, who }: Context,
  by: Standing,
  { takeIds, path }: { takeIds: readonly string[]; path: string },
  write: () => Promise<unknown>,
): Promise<void> {
  const entry = { who, what: 'provenance.cut', subject: path, details: { takes: [...takeIds] } };
  await recordStanding(
    db,
    by,
    () => refuseTakes(db, takeIds),
    async (tx) => {
      await appendAudit(tx, entry);
      await write();
    },
  );
}

const nothingSelected = () =>
  new BacklotError('nothing-selected', {
    expected: 'takes that somebody called usable, or takes that are named',
    where: 'the verdicts of this workspace',
    found: 'none',
    remedy:
      'Judge takes in the report or with `backlot review verdict`, or name takes in the order of the cut.',
  });

async function cutClip({ db }: Context, takeId: string): Promise<CutClip> {
  const take = await readTake(db, takeId);
  const record = await readRecord(db, takeId);
  const path = record?.signedPath ?? take.videoPath;
  const sha256 = record?.signedSha256 ?? take.videoSha256;
  await mustBeAsRecorded(path, sha256);
  const { video } = await probe(path);
  const fps = video?.averageRate ?? '';
  const frames = video?.declaredFrames ?? 0;
  if (frames === 0 || !tryParseRate(fps)) throw uncuttable(path, frames);
  const name = `${take.briefId} ${take.candidate + 1}`;
  return { take: takeId, name, path, frames, fps, sha256 };
}

/** The cut names the take and the hash: an editor must not get another picture under these. @throws BacklotError `take-altered` */
async function mustBeAsRecorded(path: string, sha256: string): Promise<void> {
  const found = await fileHash(path).catch(() => null);
  if (found === sha256) return;
  throw new BacklotError('take-altered', {
    expected: `the file of the take (sha256 ${sha256})`,
    where: path,
    found: found === null ? 'no file that can be read' : `sha256 ${found}`,
    remedy: 'Sign the take anew (`backlot provenance deliver` does), or generate it again.',
  });
}

const uncuttable = (path: string, frames: number) =>
  new BacklotError('take-unreadable', {
    expected: 'a video with frames and a rate',
    where: path,
    found: `${frames} frames`,
    remedy: 'Generate the take again.',
  });

/** Whole takes end to end, each at its own rate. */
export function timelineOf(name: string, clips: readonly CutClip[]): Timeline {
  const items = clips.map(({ name, path, frames, fps, take, sha256 }) => ({
    ...{ kind: 'clip' as const, name, path, fps, mediaStart: 0, mediaFrames: frames, from: 0, frames },
    metadata: { take, sha256 },
  }));
  return { name, fps: clips[0]?.fps ?? '24', dropFrame: false, start: null, items };
}
