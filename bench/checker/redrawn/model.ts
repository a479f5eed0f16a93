import { join } from 'node:path';
import { type JobInput, trainingSchema } from '../../../src/contract/index.ts';
import { baseInput, learn } from '../../../src/jobs/index.ts';
import { TITLES } from '../../../src/sample/titles.ts';
import { studioSnapshot } from '../../studio.ts';
import type { Bench, Model } from '../../takes.ts';

/** Not the seed of any bench that counts takes. */
export const SEED = 4143;
const CLIPS_A_TITLE = 16;
const STEPS = 100;

/** The shipped base with one adapter of all titles: it need not keep what the base knew, so it learns nothing of that. */
export async function taughtModel(bench: Bench, dir: string): Promise<Model> {
  const base = await baseInput();
  const slugs = TITLES.map(({ slug }) => slug);
  const dataset = await studioSnapshot(join(dir, 'clips'), slugs, slugs.length * CLIPS_A_TITLE, SEED);
  const training = trainingSchema.parse({ steps: STEPS, seed: SEED, prior: 0 });
  const { directory, outcome } = await learn(bench, { dataset, base, training, subset: null, captions: [] });
  const { path, sha256 } = outcome.result.model as JobInput;
  return { base, adapters: [{ path: join(directory, path), sha256, weight: 1 }] };
}
