// node bench/checker/usual.ts --out DIR
// Rendered clips of every title, from which usual.py measures how much of a body true clips have and how they flicker, and
// DIR/titles.json, which names are of one title. The latter lies beside the checker's weights as it is (ADR 0200).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TITLES } from '../../src/sample/titles.ts';
import { renderCheckerClips } from './clips.ts';

/** Not the seed of any bench that counts clips. */
const CLIPS = { clipsPerTitle: 150, worlds: 0, seed: 6200, heldout: 0.08 };

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('expected --out DIR');
await renderCheckerClips(values.out, CLIPS, () => {});
const names = TITLES.map(({ characters, sets }) => [...characters, ...sets].map(({ name }) => name));
writeFileSync(join(values.out, 'titles.json'), `${JSON.stringify(names, null, 1)}\n`);
