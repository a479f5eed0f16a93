import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/contract/index.ts';
import { SAMPLING } from '../../src/jobs/index.ts';
import { CLIP } from '../../src/sample/clips.ts';
import { shardsOf, writeManifest, writeShard } from '../../src/sample/shards.ts';
import { worldBriefs } from '../base/briefs.ts';
import type { TruthRow } from '../reader/words.ts';
import { QUICK, SEED, WHOLE, type Wish } from './arms.ts';
import { type Found, rowsOf } from './rows.ts';

/**
 * How few tokens, which captions, which optimizer, and is a learned decoder worth it? All models learn from nothing, for
 * the same seconds of the processor, on the same clips. Parts that are done stay in one folder until the table is whole.
 */

const PARTS = ['codecs', 'arms', 'decoders'] as const;
const SCRIPT = fileURLToPath(new URL('compared.py', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../engine', import.meta.url));
const PYTHON = fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));
const CLIPS = { count: 2100, heldout: 0.05 };
const FEW_CLIPS = { count: 160, heldout: 0.1 };
/** One take each: takes of one brief are alike. */
const BRIEFS = 40;
const FEW_BRIEFS = 2;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const dir = join(tmpdir(), `backlot-bench-geometry${quick ? '-quick' : ''}`);
  mkdirSync(dir, { recursive: true });
  const clips = await rendered(join(dir, 'clips'), quick ? FEW_CLIPS : CLIPS, report);
  const briefs = worldBriefs({ look: 0, scene: 0, none: quick ? FEW_BRIEFS : BRIEFS }, SEED).map((brief) => ({
    ...brief,
    candidates: 1,
  }));
  const wish = { ...(quick ? QUICK : WHOLE), briefs, sampling: SAMPLING };
  const lines: Found[] = [];
  for (const part of PARTS) lines.push(...(await measured(dir, part, clips, wish, report)));
  const rows = rowsOf(lines, briefs, linesOf<TruthRow>(join(clips, 'truth.jsonl')), SEED);
  rmSync(dir, { recursive: true, force: true });
  return { bench: 'geometry', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
}

async function rendered(dir: string, { count, heldout }: typeof CLIPS, report: Report): Promise<string> {
  if (existsSync(join(dir, 'manifest.jsonl'))) return dir;
  mkdirSync(dir, { recursive: true });
  const job = { kind: 'fellows', seed: SEED, count, heldout, dir, size: CLIP };
  let done = 0;
  const tell = () => report({ phase: 'rendering clips', done: ++done, total: count, unit: 'clips' });
  const shards = [];
  for (let shard = 0; shard < shardsOf(job); shard++) shards.push(await writeShard(job, shard, tell));
  writeManifest(dir, shards.flat());
  return dir;
}

/** The lines of a part, from an earlier call where it was done. */
async function measured(dir: string, part: string, clips: string, wish: Wish, report: Report) {
  const path = join(dir, `${part}.jsonl`);
  if (!existsSync(path)) {
    report({ phase: part, done: 0, total: 1, unit: 'parts' });
    await measure(`${path}.partial`, part, clips, wish);
    renameSync(`${path}.partial`, path);
  }
  return linesOf<Found>(path);
}

const linesOf = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

async function measure(path: string, part: string, clips: string, wish: Wish): Promise<void> {
  const out = openSync(path, 'w');
  const child = spawn(
    process.env.BACKLOT_PYTHON ?? PYTHON,
    ['-B', SCRIPT, part, clips, JSON.stringify(wish)],
    { env: { ...process.env, PYTHONPATH: ENGINE, OMP_NUM_THREADS: '1' }, stdio: ['ignore', out, 'inherit'] },
  );
  const code = await new Promise((resolve) => child.on('close', resolve));
  closeSync(out);
  if (code !== 0) throw new Error(`bench/geometry/compared.py ${part} ended with ${code}: see above`);
}
