import { eq } from 'drizzle-orm';
import { type CatalogFile, shownTimesOf } from '../catalog/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { shownTimecode, timecodeOf } from '../media/index.ts';
import { listShots } from './store.ts';

/**
 * The timecode of a film's frames; where its rate varies, by when they show.
 * @throws BacklotError `frame-table-missing`, `frame-table-damaged`
 */
export async function labelsOf(
  context: Pick<Context, 'paths'>,
  file: CatalogFile,
): Promise<(frame: number) => string> {
  const { fps, facts } = file;
  const { startTimecode, dropFrame } = facts;
  const times = await shownTimesOf(context, file);
  return (frame) =>
    times
      ? shownTimecode(times, frame, fps, startTimecode)
      : timecodeOf(frame, fps, startTimecode, dropFrame);
}

/**
 * Brings the labels of a film's shots up to what is known of its time now: an image sequence may have been given a rate, or its headers read,
 * since they were found. The pass gets another moment, so that what was made from them is made anew.
 */
export async function relabel(context: Pick<Context, 'db' | 'paths'>, file: CatalogFile): Promise<void> {
  if (file.facts.sequence === null && !file.facts.variableRate) return;
  const label = await labelsOf(context, file);
  const stale = (await listShots(context.db, file.id)).filter(
    (shot) => shot.inTimecode !== label(shot.in) || shot.outTimecode !== label(shot.out),
  );
  if (stale.length === 0) return;
  const { shotsShots, shotsPasses } = tables;
  await context.db.transaction(async (tx) => {
    for (const shot of stale) {
      const labels = { inTimecode: label(shot.in), outTimecode: label(shot.out) };
      await tx.update(shotsShots).set(labels).where(eq(shotsShots.id, shot.id));
    }
    await tx.update(shotsPasses).set({ foundAt: new Date() }).where(eq(shotsPasses.fileId, file.id));
  });
}
