import { type CatalogFile, pulldownOf } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import type { FilmShape } from './pictures.ts';
import { timedIn } from './seek-stills.ts';

/** A film's picture, as it is read for stills. */
export async function shapeOf(context: Context, file: CatalogFile): Promise<FilmShape> {
  const { facts, fps, frames } = file;
  const { width, height } = facts;
  const pixelAspect = rateNumber(parseRate(facts.sampleAspect));
  const pulldown = await pulldownOf(context, file);
  const picture = { width, height, pixelAspect, fps: rateNumber(parseRate(fps)), frames, video: facts };
  return { ...picture, pulldown, timed: timedIn(context, file) };
}
