// node bench/checker/usual.ts --out DIR
// Rendered clips of every title, from which usual.py measures how much of a body true clips have (ADR 0200).
import { parseArgs } from 'node:util';
import { renderCheckerClips } from './clips.ts';

/** Not the seed of any bench that counts clips. */
const CLIPS = { clipsPerTitle: 150, worlds: 0, seed: 6200, heldout: 0.08 };

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('expected --out DIR');
await renderCheckerClips(values.out, CLIPS, () => {});
