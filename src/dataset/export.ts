import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deinterlaceOf, frameTable, listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context, fileHash } from '../jobs/index.ts';
import { recordStanding, type ShotDecision, type Standing, withdrawnSince } from '../rights/index.ts';
import { activePicture, listShots } from '../shots/index.ts';
import { forWhomOf, readSeal, refuseAlteredRecord, writeSeal } from '../trust/index.ts';
import { canonicalJson, parseManifest, sha256 } from './canonical.ts';
import { clearSnapshot } from './clear.ts';
import { croissantOf } from './croissant.ts';
import { type EncodedVideo, encodeClips } from './encode-clips.ts';
import { type ExportPlan, type Master, planExport, type Source } from './export-plan.ts';
import type { ExportInput, ExportRecord, ExportReport } from './export-schema.ts';
import { keepExported } from './exported.ts';
import { whileCutting } from './forget-clips.ts';
import { layouts, writeFiles } from './layouts.ts';
import { abandonExport, beginExport, endExport, mustBeFree, placed } from './place.ts';
import { countBy } from './record.ts';
import { type ForWhom, notLegalAdvice, type Snapshot } from './schema.ts';
import { mustBeItsOwn, rightsOf, sealOf } from './seal.ts';
import { inWords } from './show.ts';
import { getSnapshot } from './store.ts';
import { askOf, type FrozenFormat, refuseShape, type VideoFormat } from './targets.ts';
import { originsIn, verifySnapshot } from './verify.ts';

/**
 * Puts a snapshot into a folder as its target reads it, after the rights of every shot were decided again for today.
 * Files are hard links where the folder lies on the workspace's disk (writing into one would change the workspace
 * too), else copies.
 * @throws BacklotError `not-cleared`, `not-sealed`, `seal-mismatch`, `snapshot-altered`, `folder-not-empty`, `bad-input`, `nothing-fits`, what cutting throws
 */
export const exportSnapshot = (context: Context, input: ExportInput): Promise<ExportReport> =>
  whileCutting(context, (by) => exportBy(context, input, by));

async function exportBy(context: Context, input: ExportInput, by: Standing): Promise<ExportReport> {
  const snapshot = await getSnapshot(context.db, input.snapshot);
  const { seal: frozen } = await readSeal(snapshot);
  mustBeItsOwn(snapshot, snapshot.path, frozen);
  await refuseAlteredRecord(snapshot.path, frozen);
  const { format } = input;
  // What every clip is hashed for is asked last.
  if (isFrozenFormat(format)) refuseShape(input);
  await mustBeFree(input.to, wishOf(snapshot, input));
  const seal = { ...frozen, ...given(input) };
  const again = () => clearSnapshot(context, snapshot, seal);
  const decided = { decisions: await again(), record: frozen.record };
  if (isFrozenFormat(format)) await refuseAlteredClips(context, snapshot);
  const details = { digest: snapshot.digest, format, ...forWhomOf(seal) };
  const note = (what: string, more: object) => {
    const act = { who: context.who, what, subject: snapshot.id, details: { ...details, ...more } };
    return recordStanding(context.db, by, again, (tx) => appendAudit(tx, act));
  };
  const begin: Begin = async () => {
    const folder = await beginExport(input.to, wishOf(snapshot, input));
    // Clips lie there from now on, also where this is killed.
    await note('dataset.export-begin', { folder });
    return folder;
  };
  try {
    const made = await laidOut(context, snapshot, input, { decided, begin });
    await note('dataset.export', { clips: made.clips, folder: made.folder });
    await endExport(made.folder);
    return { notice: notLegalAdvice, id: snapshot.id, digest: snapshot.digest, format, ...made };
  } catch (error) {
    const withdrawn = await withdrawnSince(context.db, by);
    if (withdrawn.length === 0) throw error;
    const folder = await abandonExport(input.to, wishOf(snapshot, input));
    const act = { who: context.who, what: 'dataset.export-abandon', subject: snapshot.id };
    // No clip of it lies there any more: whoever follows a withdrawal later need not ask people for it.
    if (folder !== null) await appendAudit(context.db, { ...act, details: { ...details, folder } });
    throw error;
  }
}

/** Other programs do not check what they read as the engine does: nothing leaves that is not as it was frozen. @throws BacklotError `snapshot-altered` */
async function refuseAlteredClips(context: Context, snapshot: Snapshot): Promise<void> {
  const [first, ...more] = (await verifySnapshot(snapshot, context)).problems;
  if (first !== undefined)
    throw altered(
      snapshot.path,
      'a dataset that is',
      more.length > 0 ? `${first}; and ${more.length} more` : first,
    );
}

/** A list of the snapshot, read once: what was hashed is what clips are cut by. @throws BacklotError `snapshot-altered` */
async function asFrozen({ path }: Snapshot, name: string, wanted: string | undefined): Promise<string> {
  const text = await readFile(join(path, name), 'utf8');
  if (wanted === undefined || sha256(text) === wanted) return text;
  throw altered(join(path, name), 'the list that is', `sha256 ${sha256(text)}, where ${wanted} was frozen`);
}

const altered = (where: string, what: string, found: string) =>
  new BacklotError('snapshot-altered', {
    expected: `${what} as it was frozen`,
    ...{ where, found },
    remedy: '`backlot dataset verify` says all that differs. Freeze the dataset again.',
  });

/** What let the clips out. */
interface Decided {
  decisions: readonly ShotDecision[];
  record: string | undefined;
}

/** Makes the folder that the clips are laid into, and notes that they are. */
type Begin = () => Promise<string>;

const laidOut = (
  context: Context,
  snapshot: Snapshot,
  input: ExportInput,
  { decided, begin }: { decided: Decided; begin: Begin },
): Promise<Made> => {
  const { format } = input;
  if (!isFrozenFormat(format)) return exportVideos(context, snapshot, { ...input, format }, begin);
  const sealIn = (folder: string) => sealAgain(context, snapshot, input, folder, decided);
  return exportAsFrozen(snapshot, format, begin, sealIn);
};

/** For whom the export is, where that is another than the snapshot was frozen for. */
const given = ({ trainer, model, performers }: ExportInput): ForWhom => ({
  ...(trainer === undefined ? {} : { trainer }),
  ...(model === undefined ? {} : { model }),
  ...(performers === undefined ? {} : { performers }),
});

/** An export for somebody else says so: its seal is of the decisions that let it out, not of those of the freeze. */
async function sealAgain(
  context: Context,
  snapshot: Snapshot,
  input: ExportInput,
  folder: string,
  { decisions, record }: Decided,
): Promise<void> {
  if (Object.keys(given(input)).length === 0 || decisions.length === 0) return;
  const now = new Date().toISOString();
  const options = { ...snapshot.options, ...given(input), asOf: now.slice(0, 10) };
  const rights = await rightsOf(context, decisions);
  await writeSeal(folder, { ...sealOf({ ...snapshot, options, rights }, decisions, now), record });
}

type Made = Omit<ExportReport, 'notice' | 'id' | 'digest' | 'format'>;

async function exportAsFrozen(
  snapshot: Snapshot,
  format: FrozenFormat,
  begin: Begin,
  sealIn: (folder: string) => Promise<void>,
): Promise<Made> {
  const folder = await begin();
  // Whatever else somebody has put there was decided by nobody.
  const names = (await readdir(snapshot.path)).filter((name) => ofSnapshot.test(name));
  let linked = 0;
  for (const name of names) {
    linked += Number(await placed(join(snapshot.path, name), join(folder, name)));
  }
  await sealIn(folder);
  if (format === 'croissant') names.push(await describeIn(folder, snapshot));
  return { folder, files: names.length, linked, shape: null, clips: snapshot.clips, leftOut: {} };
}

const ofSnapshot =
  /^((manifest|clips|skipped)\.jsonl|(snapshot|seal)\.json|manifest\.parquet|shard-\d+\.u8)$/;

const isFrozenFormat = (format: ExportInput['format']): format is FrozenFormat =>
  format === 'engine' || format === 'croissant';

/** @returns the name of the file that describes the folder to other programs */
async function describeIn(folder: string, snapshot: Snapshot): Promise<string> {
  const name = 'croissant.json';
  await writeFile(join(folder, name), `${JSON.stringify(await croissantOf(snapshot, folder), null, 2)}\n`);
  return name;
}

async function exportVideos(
  context: Context,
  snapshot: Snapshot,
  { format, ...input }: ExportInput & { format: VideoFormat },
  begin: Begin,
): Promise<Made> {
  const ask = askOf(format, input);
  const sources = await sourcesOf(context, snapshot);
  const planned = planExport(sources, ask);
  if (planned.videos.length === 0) throw nothingFits(planned, sources);
  const folder = await begin();
  const { shape } = planned;
  const { videos, leftOut } = await encodeClips(context, planned.videos, shape);
  const plan = { ...planned, leftOut: [...planned.leftOut, ...leftOut] };
  const laid = { folder, shape, videos: bySplit(videos) };
  const files = layouts[format].files(laid);
  const record = await recordOf(snapshot, format, plan, laid.videos);
  await keepExported(context.paths, record.clips);
  const linked = await writeFiles(folder, files);
  await writeFile(join(folder, 'export.json'), `${canonicalJson(record)}\n`);
  const clips = { train: laid.videos.train.length, heldout: laid.videos.heldout.length };
  return { folder, files: files.length + 1, linked, shape, clips, leftOut: reasonsOf(plan) };
}

/** What tells one export from another; where it goes does not. */
const wishOf = ({ id }: Snapshot, { to: _, ...input }: ExportInput): string =>
  `${canonicalJson({ ...input, snapshot: id })}\n`;

const bySplit = (videos: readonly EncodedVideo[]) => ({
  train: videos.filter(({ line }) => line.split === 'train'),
  heldout: videos.filter(({ line }) => line.split === 'heldout'),
});

const reasonsOf = ({ leftOut }: ExportPlan) => countBy(leftOut, ({ reason }) => reason);

/** Every clip of the snapshot with its master, in the order of the manifest. */
async function sourcesOf(context: Context, snapshot: Snapshot): Promise<Source[]> {
  const lines = parseManifest(await asFrozen(snapshot, 'manifest.jsonl', snapshot.digest));
  const text = await asFrozen(snapshot, 'clips.jsonl', snapshot.files['clips.jsonl']);
  const origins = new Map(originsIn(text).map((origin) => [origin.id, origin]));
  const masters = new Map<string, Master>();
  for (const file of await listFiles(context.db)) {
    if (!snapshot.sources.some((source) => source.file === file.sha256)) continue;
    masters.set(file.sha256, {
      ...{ sha256: file.sha256, path: file.path, sampleAspect: file.facts.sampleAspect },
      interlaced: deinterlaceOf(file.facts),
      table: await frameTable(context, file.id),
      picture: await activePicture(context.db, file.id),
      pictures: await ownPictures(context, file.id),
    });
  }
  return lines.map((line) => sourceOf(snapshot, line, origins.get(line.id), masters));
}

async function ownPictures({ db }: Context, fileId: string): Promise<Master['pictures']> {
  const shots = await listShots(db, fileId);
  return new Map(shots.flatMap(({ id, facts }) => (facts.activePicture ? [[id, facts.activePicture]] : [])));
}

function sourceOf(
  { path }: Snapshot,
  line: Source['line'],
  origin: Source['origin'] | undefined,
  masters: ReadonlyMap<string, Master>,
): Source {
  const master = masters.get(origin?.file ?? '');
  if (origin && master) return { line, origin, master };
  throw new BacklotError('master-missing', {
    expected: 'a catalogued master for every clip',
    where: path,
    found: `none for clip ${line.id}`,
    remedy: 'Verify the snapshot, and add the film that it was frozen from to the catalogue again.',
  });
}

async function recordOf(
  { digest }: Snapshot,
  format: VideoFormat,
  { shape, leftOut }: ExportPlan,
  videos: ReturnType<typeof bySplit>,
): Promise<ExportRecord> {
  const { videoAt } = layouts[format];
  const clips: ExportRecord['clips'] = [];
  for (const own of Object.values(videos)) {
    for (const [place, video] of own.entries()) clips.push(await clipOf(video, videoAt(video.line, place)));
  }
  return { version: 1, notice: notLegalAdvice, snapshot: digest, format, shape, clips, leftOut };
}

/** The hash lets whoever gets the export see that it is what was cut. */
const clipOf = async ({ line, master, frames, crop, path }: EncodedVideo, video: string) => ({
  ...{ clip: line.id, video, sha256: await fileHash(path), split: line.split, title: line.title },
  ...{ shot: line.shot, file: master.sha256, frames, crop },
});

function nothingFits(plan: ExportPlan, sources: readonly Source[]): BacklotError {
  const { frames, fps, width, height } = plan.shape;
  const pictures = new Set(sources.map(({ master: { picture } }) => `${picture.width}x${picture.height}`));
  return new BacklotError('nothing-fits', {
    expected: `clips that give ${frames} frames of ${width}x${height} at ${fps} frames a second`,
    where: `${plan.leftOut.length} clips of the snapshot`,
    found: `none (${inWords(reasonsOf(plan))}); the masters show ${[...pictures].slice(0, 3).join(', ')} pixels`,
    remedy:
      'picture_too_small: ask for a smaller --width and --height. too_short: fewer --frames, or freeze longer ' +
      'clips. too_few_frames: the film has fewer frames a second, so ask for a lower --fps.',
  });
}
