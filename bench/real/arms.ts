// node bench/real/arms.ts RUN...
// Held-out loss at the end of training runs, such as the arms of `./backlot run`, with a bootstrap over scenes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, type ClipLoss, lossOver, rangeOf } from '../../src/assess/curve.ts';
import type { Job } from '../../src/contract/index.ts';

const SEED = 1;

const read = (run: string, name: string) => JSON.parse(readFileSync(join(run, name), 'utf8'));

function rowOf(run: string) {
  const losses = read(run, 'outcome.json').result.heldoutByClip as ClipLoss[];
  const scenes = [...new Set(losses.map(({ scene }) => scene))];
  const range = bootstrap(scenes, SEED, (drawn) => lossOver(losses, drawn));
  const job = read(run, 'job.json') as Job;
  const what = `held-out loss of ${job.kind === 'train' ? job.method : job.kind} ${job.id}`;
  return { what, ...rangeOf(range, lossOver(losses, scenes)), unit: 'loss', n: scenes.length };
}

const runs = process.argv.slice(2);
if (runs.length === 0) throw new Error('expected folders of finished training runs');
process.stdout.write(`${JSON.stringify(runs.map(rowOf), null, 1)}\n`);
