import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/contract/index.ts';
import { testContext } from '../../test/support/context.ts';
import { makeFilm } from './files.ts';
import { flipRows } from './flips.ts';
import { kindRows } from './kinds.ts';
import { largeRows } from './large.ts';
import { timingRows } from './timing.ts';

/** What do content credentials cost, what do they find, and who else can read them? */

const SEED = 11;
const TAKE = { width: 1920, height: 1080, seconds: 10 };
const FULL = { repeats: 9, flips: 200, largeMegabytes: 400 };
const QUICK = { repeats: 3, flips: 20, largeMegabytes: 80 };

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const { repeats, flips, largeMegabytes } = quick ? QUICK : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'backlot-bench-c2pa-'));
  const { context, close } = await testContext();
  try {
    const say = (phase: string) => report({ phase, done: 0, total: 1, unit: 'parts' });
    await mkdir(context.paths.takes, { recursive: true });
    const film = join(folder, 'take.mp4');
    say('making a take');
    await makeFilm(film, TAKE, SEED);
    say('signing');
    const timing = await timingRows(context, film, repeats);
    say('flipping bytes');
    const flipped = await flipRows(context, timing.signed, flips, SEED);
    say('other kinds and other readers');
    const kinds = await kindRows(context, timing, folder);
    say('a large file');
    const large = await largeRows(context, timing, folder, largeMegabytes);
    const rows = [...timing.rows, ...flipped, ...kinds, ...large];
    return { bench: 'c2pa', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
