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
  knownWords: null,
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
  await writeFile(join(folder, 'mark.mjs'), MARKER);
  const before = process.env.BACKLOT_PYTHON;
  process.env.BACKLOT_PYTHON = script;
  return {
    engine: localEngine(join(folder, 'runs'), async () => []),
    runs: join(folder, 'runs'),
    becomes: async (body) => {
      await writeFile(
        script,
        `#!/bin/sh\ndir=$3\nmark() { '${process.execPath}' '${join(folder, 'mark.mjs')}' "$dir"; }\necho start >> '${count}'\n${body}\n`,
      );
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

/** Shell that writes the outcome as the engine does: under another name, marked, then by rename. */
export const ends = (outcome: object): string =>
  `printf '%s' '${JSON.stringify(outcome)}' > "$dir/outcome.tmp" && mark && mv "$dir/outcome.tmp" "$dir/outcome.json"`;

/** What an attacker can write: an outcome without the run's key. */
export const plants = (outcome: object): string =>
  `printf '%s' '${JSON.stringify(outcome)}' > "$dir/outcome.json"`;

/** Marks `outcome.tmp` in the folder it is given, as the engine's `data/marks.py` does, without loading anything. */
const MARKER = `
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
const dir = process.argv[2];
const der = Buffer.from('302e020100300506032b657004220420' + process.env.BACKLOT_RUN_KEY, 'hex');
const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
const keyid = createHash('sha256').update(raw).digest('hex').slice(0, 16);
const hash = createHash('sha256').update(readFileSync(dir + '/outcome.tmp')).digest('hex');
const payload = Buffer.from(JSON.stringify({ version: 1, files: { 'outcome.json': hash } }));
const payloadType = 'application/vnd.backlot.mark+json';
const head = Buffer.from('DSSEv1 ' + payloadType.length + ' ' + payloadType + ' ' + payload.length + ' ');
const sig = sign(null, Buffer.concat([head, payload]), key).toString('base64');
const mark = { payloadType, payload: payload.toString('base64'), signatures: [{ keyid, sig }] };
const permit = JSON.parse(readFileSync(dir + '/permit.json', 'utf8'));
writeFileSync(dir + '/outcome.mark.json', JSON.stringify({ permit, mark }));
`;

/** The error that a run ends with; a run that succeeds fails the test. */
export async function failureOf(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  return run.then(
    () => Promise.reject(new Error('the run succeeded')),
    (error: { code: string; message: string }) => error,
  );
}
