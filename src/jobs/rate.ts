import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, type DatasetInput, type JobInput, type Training } from '../contract/index.ts';
import { formatRate, tryParseRate } from '../media/rate.ts';
import { isOpenBase } from './base.ts';
import { jsonIn } from './json.ts';
import { firstClip } from './shift.ts';

/** Of 2.1 and 2.2 A14B, and of 2.2 5B, whose patches have times of their own: `sample_fps` in Wan's own code (ADR 0169). */
const WAN = { rate: '16/1', ofEach: '24/1' };

const codecSchema = z.object({ fps: z.string() });
/** The one class of open bases that the engine opens (`families.py`): of others no rate is known. */
const indexSchema = z.object({
  _class_name: z.literal('WanPipeline'),
  expand_timesteps: z.boolean().nullable().default(false),
});

/** Frames a second of the clips that a base was made for. Null where its folder does not say: the engine refuses it by name. */
export async function rateOf(base: Pick<JobInput, 'path'>): Promise<string | null> {
  if (!(await isOpenBase(base)))
    return (await jsonIn(join(base.path, 'codec', 'config.json'), codecSchema))?.fps ?? null;
  const index = await jsonIn(join(base.path, 'model_index.json'), indexSchema);
  return index && (index.expand_timesteps ? WAN.ofEach : WAN.rate);
}

/**
 * Nothing retimes a clip: of clips at another rate a model would learn a wrong speed. From scratch it takes the rate of its clips.
 * @throws BacklotError `dataset-mismatch`
 */
export async function refuseOtherRate(lesson: {
  dataset: DatasetInput;
  base: Pick<JobInput, 'path'>;
  training: Pick<Training, 'method'>;
}): Promise<void> {
  if (lesson.training.method === 'scratch') return;
  const [wanted, clip] = [await rateOf(lesson.base), await firstClip(lesson.dataset)];
  if (!wanted || !tryParseRate(wanted) || !clip?.fps || plain(wanted) === plain(clip.fps)) return;
  throw new BacklotError('dataset-mismatch', {
    expected: `clips at ${wanted} frames a second, as the base was made for`,
    where: lesson.dataset.path,
    found: `clips at ${clip.fps}`,
    remedy:
      `Nothing retimes a clip: freeze a dataset at that rate (dataset freeze --fps ${wanted}), or train a model from ` +
      'scratch, which takes the rate of its clips (--method scratch, without --base).',
  });
}

function plain(text: string): string {
  const rate = tryParseRate(text);
  return rate ? formatRate(rate) : text;
}
