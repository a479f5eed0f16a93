import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineRunner, type JobDraft, localEngine } from './engine-process.ts';

const HASH = 'a'.repeat(64);

/** A job whose content the fake engine never looks at; `seed` tells jobs apart. */
export const encodeDraft = (seed: number): JobDraft => ({
  kind: 'encode',
  seed,
  dataset: { path: '/nowhere/dataset', digest: HASH },
  base: { path: '/nowhere/base', sha256: HASH },
});

export const trainDraft = (seed: number): JobDraft & { kind: 'train' } => ({
  kind: 'train',
  seed,
  dataset: { path: '/nowhere/dataset', digest: HASH },
  base: { path: '/nowhere/base', sha256: HASH },
  subset: null,
  method: 'full',
  shape: null,
  lora: null,
  prior: null,
  batch: 2,
  processes: 1,
  optimizer: { name: 'muon', rate: 0.01, weightDecay: 0, warmupSteps: 0, decayFrom: 1, clipNorm: 1 },
  emaDecay: 0.9,
  captionDropout: 0,
  givenShare: 0,
  mirror: false,
  shift: 3,
  precision: 'fp32',
  latents: null,
  steps: 4,
  evalEvery: 4,
  checkpointEvery: 2,
  keepCheckpoints: 1,
  sample: null,
  resumeFrom: null,
});

export interface FakeEngine {
  engine: EngineRunner;
  runs: string;
  /** Makes the engine a shell script: `$dir` is the run directory. */
  becomes(body: string): Promise<void>;
  /** How often the engine was started. */
  starts(): Promise<number>;
  remove(): Promise<void>;
}

/** Puts a shell script in Python's place, for as long as the test file runs. */
export async function fakeEngine(): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'backlot engine '));
  const script = join(folder, 'python');
  const count = join(folder, 'starts');
  const before = process.env.BACKLOT_PYTHON;
  process.env.BACKLOT_PYTHON = script;
  return {
    engine: localEngine(join(folder, 'runs'), async () => []),
    runs: join(folder, 'runs'),
    becomes: async (body) => {
      await writeFile(script, `#!/bin/sh\ndir=$3\necho start >> '${count}'\n${body}\n`);
      await chmod(script, 0o755);
    },
    starts: async () => (await readFile(count, 'utf8').catch(() => '')).split('\n').length - 1,
    remove: async () => {
      if (before === undefined) delete process.env.BACKLOT_PYTHON;
      else process.env.BACKLOT_PYTHON = before;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Shell that writes the outcome as the engine does: under another name, then by rename. */
export const ends = (outcome: object): string =>
  `printf '%s' '${JSON.stringify(outcome)}' > "$dir/outcome.tmp" && mv "$dir/outcome.tmp" "$dir/outcome.json"`;
