import type { Context } from '../jobs/index.ts';
import type { FieldsFirst, Pulldown, ShownTimes } from '../media/index.ts';
import type { FrameTable } from './frame-table.ts';
import type { CatalogFile } from './schema.ts';

export { flagsOf, type Granted, grantedOf, grantedWords } from './flags.ts';
export type { FrameTable } from './frame-table.ts';
export { missingReels } from './missing-reels.ts';
export { filesAround, filesNamed, listFilesNamed } from './name-store.ts';
export { timingOf } from './rate.ts';
export type { AddOutput, CatalogFile, FilmFacts, Mark, Refused, Sidecar } from './schema.ts';
export {
  catalogMark,
  filesMarked,
  filmMarks,
  getFile,
  listFiles,
  listRefusals,
  listSidecars,
  listTitles,
} from './store.ts';
export { reelsInWords } from './titles.ts';
export type { RateFound } from './uncatalogued.ts';
export type { Standing } from './unchanged.ts';

/* Who asks about a film reads none: what does is loaded when it is asked for. */

export const addFiles: typeof import('./add.ts').addFiles = async (...given) =>
  (await import('./add.ts')).addFiles(...given);

export const assertUnchanged: typeof import('./unchanged.ts').assertUnchanged = async (...given) =>
  (await import('./unchanged.ts')).assertUnchanged(...given);

export const mustBeAsCatalogued: typeof import('./unchanged.ts').mustBeAsCatalogued = async (...given) =>
  (await import('./unchanged.ts')).mustBeAsCatalogued(...given);

export const rateIn: typeof import('./uncatalogued.ts').rateIn = async (...given) =>
  (await import('./uncatalogued.ts')).rateIn(...given);

/**
 * Timestamp of every decoded frame of a film: `pts[n]` times `timeBase` is frame n in seconds from the container's start.
 * @throws BacklotError `frame-table-missing`, `frame-table-damaged`
 */
export async function frameTable({ paths }: Pick<Context, 'paths'>, fileId: string): Promise<FrameTable> {
  const { frameTablePath, readFrameTable } = await import('./frame-table.ts');
  return readFrameTable(frameTablePath(paths, fileId));
}

/** How the missing fields of a film are filled in wherever its pictures are looked at (`DecodeOptions.deinterlace`). */
export const deinterlaceOf = ({ interlaced, fieldsSeen }: CatalogFile['facts']): boolean | FieldsFirst =>
  fieldsSeen ?? interlaced;

/**
 * When the frames of a film of variable rate show; absent where its rate says so.
 * @throws BacklotError `frame-table-missing`, `frame-table-damaged`
 */
export async function shownTimesOf(
  context: Pick<Context, 'paths'>,
  { id, fps, facts }: Pick<CatalogFile, 'id' | 'fps' | 'facts'>,
): Promise<ShownTimes | undefined> {
  if (!facts.variableRate) return undefined;
  const { shownTimes } = await import('../media/index.ts');
  return shownTimes(await frameTable(context, id), fps);
}

/**
 * The 3:2 pulldown to undo wherever a film's pictures are looked at.
 * @throws BacklotError `frame-table-missing`, `frame-table-damaged`
 */
export async function pulldownOf(
  context: Pick<Context, 'paths'>,
  { id, facts }: Pick<CatalogFile, 'id' | 'facts'>,
): Promise<Pulldown | undefined> {
  const first = facts.telecine?.first;
  if (!first) return undefined;
  const { repeats } = await frameTable(context, id);
  const { stretchesOf } = await import('../media/index.ts');
  return { first, stretches: stretchesOf(repeats ?? []) };
}
