import { mkdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileHash, folderHash, localEngine } from '../src/jobs/index.ts';
import { SHIPPED_CHECKER } from '../src/review/index.ts';

/** From which clips a checker learns, where it goes, from which one it starts. */
export interface FitWish {
  clips: string;
  out: string;
  seed: number;
  before: string;
}

interface Teaching {
  looks: string[];
  rate: number;
  moveSteps: number;
  steps: number;
  batch: number;
  places: boolean;
}

/** Teaches a checker; its weights come to lie in `out`/weights, their hash and accuracy are printed. */
export async function fitted({ clips, out, seed, before }: FitWish, teaching: Teaching): Promise<void> {
  mkdirSync(out, { recursive: true });
  const truth = join(clips, 'truth.jsonl');
  const { directory, outcome } = await localEngine(join(out, 'runs')).run(
    {
      kind: 'fit-checker',
      seed,
      dataset: { path: clips, digest: await fileHash(join(clips, 'manifest.jsonl')) },
      truth: { path: truth, sha256: await fileHash(truth) },
      before: { path: before, sha256: await folderHash(before) },
      ...teaching,
    },
    (event) => event.type === 'metric' && process.stderr.write(`${event.step} ${event.value.toFixed(4)}\n`),
  );
  const weights = join(out, 'weights');
  await cp(join(directory, 'checker'), weights, { recursive: true });
  const result = { sha256: await folderHash(weights), ...outcome.result };
  process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
}

/** What the command line says, `--steps` too: without `--before` from the shipped checker. */
export function fitWish(steps: number): FitWish & { steps: number } {
  const { values } = parseArgs({
    options: {
      clips: { type: 'string' },
      out: { type: 'string' },
      steps: { type: 'string', default: String(steps) },
      seed: { type: 'string', default: '1' },
      before: { type: 'string', default: join(SHIPPED_CHECKER, 'weights') },
    },
  });
  const { clips, out, before } = values;
  if (!clips || !out) throw new Error('expected --clips DIR and --out DIR');
  return { clips, out, before, steps: Number(values.steps), seed: Number(values.seed) };
}
