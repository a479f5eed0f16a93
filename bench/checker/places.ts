// node bench/checker/places.ts --out DIR
// The shipped checker with places read by the colours of their bands beside its networks, which stay as they are (ADR 0148).
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileHash } from '../../src/jobs/index.ts';
import { SHIPPED_CHECKER } from '../../src/review/index.ts';
import { sealRendered } from '../../src/trust/index.ts';
import { fitted } from '../fitted.ts';
import { renderCheckerClips } from './clips.ts';

/** Not the seed of any bench that counts clips. */
const SEED = 5148;
const CLIPS = { clipsPerTitle: 120, worlds: 150, seed: SEED, heldout: 0.08 };
const NOTHING_ELSE = { rate: 8e-4, moveSteps: 0, steps: 0, batch: 1 };

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('expected --out DIR');
const clips = join(values.out, 'clips');
await renderCheckerClips(clips, CLIPS, () => {});
await sealRendered({ path: clips, digest: await fileHash(join(clips, 'manifest.jsonl')) });
const wish = { clips, out: values.out, seed: SEED, before: join(SHIPPED_CHECKER, 'weights') };
await fitted(wish, { looks: ['character', 'set', 'time'], places: true, ...NOTHING_ELSE });
