import type { Context } from '../jobs/index.ts';
import { type Pulldown, stretchesOf } from '../media/index.ts';
import { type FrameTable, frameTablePath, readFrameTable } from './frame-table.ts';
import type { CatalogFile } from './schema.ts';

export { addFiles } from './add.ts';
export { flagsOf } from './flags.ts';
export type { FrameTable } from './frame-table.ts';
export { timingOf } from './rate.ts';
export type { AddOutput, CatalogFile, FilmFacts, Mark, Refused, Sidecar } from './schema.ts';
export {
  catalogMark,
  filesMarked,
  filesNamed,
  filmMarks,
  getFile,
  listFiles,
  listRefusals,
  listSidecars,
  listTitles,
} from './store.ts';

/**
 * Timestamp of every decoded frame of a film: `pts[n]` times `timeBase` is frame n in seconds from the container's start.
 * @throws BacklotError `frame-table-missing`, `frame-table-damaged`
 */
export const frameTable = (context: Context, fileId: string): Promise<FrameTable> =>
  readFrameTable(frameTablePath(context.paths, fileId));

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
  const { repeats } = await readFrameTable(frameTablePath(context.paths, id));
  return { first, stretches: stretchesOf(repeats ?? []) };
}
