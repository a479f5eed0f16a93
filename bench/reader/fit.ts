// node bench/reader/fit.ts --clips DIR --out DIR [--steps 600] [--seed 1] [--before READER]
import { mkdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileHash, folderHash, localEngine } from '../../src/jobs/index.ts';
import { SHIPPED_CHECKER } from '../../src/review/index.ts';
import { LOOKS } from './words.ts';

const BATCH = 32;

/**
 * Trains the reader of worlds on clips that `src/sample/clips-cli.ts --kind fellows` rendered, from the shipped checker
 * or from an earlier reader. Movement is read by the checker's network, as it is: fellows walk, jump and stand as
 * everybody does.
 */
async function fit({ clips, out, steps, seed, before }: Wish): Promise<void> {
  mkdirSync(out, { recursive: true });
  const truth = join(clips, 'truth.jsonl');
  const { directory, outcome } = await localEngine(join(out, 'runs')).run(
    {
      kind: 'fit-checker',
      seed,
      dataset: { path: clips, digest: await fileHash(join(clips, 'manifest.jsonl')) },
      truth: { path: truth, sha256: await fileHash(truth) },
      looks: [...LOOKS],
      before: { path: before, sha256: await folderHash(before) },
      steps,
      batch: BATCH,
    },
    (event) => event.type === 'metric' && process.stderr.write(`${event.step} ${event.value.toFixed(4)}\n`),
  );
  const weights = join(out, 'weights');
  await cp(join(directory, 'checker'), weights, { recursive: true });
  process.stdout.write(
    `${JSON.stringify({ sha256: await folderHash(weights), ...outcome.result }, null, 1)}\n`,
  );
}

interface Wish {
  clips: string;
  out: string;
  steps: number;
  seed: number;
  before: string;
}

function wish(): Wish {
  const { values } = parseArgs({
    options: {
      clips: { type: 'string' },
      out: { type: 'string' },
      steps: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      before: { type: 'string', default: join(SHIPPED_CHECKER, 'weights') },
    },
  });
  const { clips, out, before } = values;
  if (!clips || !out) throw new Error('expected --clips DIR and --out DIR');
  return { clips, out, before, steps: Number(values.steps), seed: Number(values.seed) };
}

await fit(wish());
