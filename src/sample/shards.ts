import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { bytesOf, type ClipSize, clipCanvas, manifestLine, planClip, renderClip } from './clips.ts';

const SHARD_CLIPS = 1000;

export interface ClipJob {
  /** `worlds`, `fellows` (worlds without tales) or `title:<slug>`. */
  readonly kind: string;
  readonly seed: number;
  readonly count: number;
  /** Share of clips kept out of training, 0..1. */
  readonly heldout: number;
  readonly dir: string;
  readonly size: ClipSize;
}

export interface ShardLine {
  readonly id: string;
  readonly manifest: string;
  readonly truth: string;
}

export const shardsOf = (job: ClipJob): number => Math.ceil(job.count / SHARD_CLIPS);

/** Renders shard number `shard` of a job and returns its manifest and truth lines; `onClip` is called after each clip. */
export async function writeShard(job: ClipJob, shard: number, onClip: () => void): Promise<ShardLine[]> {
  mkdirSync(job.dir, { recursive: true });
  const name = `shard-${String(shard).padStart(5, '0')}.u8`;
  const path = join(job.dir, name);
  const file = openSync(`${path}.part`, 'w');
  const lines: ShardLine[] = [];
  const canvas = clipCanvas(job.size);
  const first = shard * SHARD_CLIPS;
  for (let index = first; index < Math.min(job.count, first + SHARD_CLIPS); index++) {
    const plan = planClip(job.kind, job.seed, index, job.heldout);
    const clip = renderClip(plan, job.size, canvas);
    writeSync(file, clip);
    lines.push(manifestLine(plan, clip, job.size, name, (index - first) * bytesOf(job.size), index));
    onClip();
    // The canvas frees native memory only between turns of the event loop: without this a shard takes gigabytes.
    await setImmediate();
  }
  closeSync(file);
  renameSync(`${path}.part`, path);
  return lines;
}

/** Writes `manifest.jsonl` and `truth.jsonl`, sorted by id; the manifest comes last, so that it means a whole set. @returns the digest */
export function writeManifest(dir: string, lines: readonly ShardLine[]): string {
  const sorted = [...lines].sort((a, b) => (a.id < b.id ? -1 : 1));
  writeFileSync(join(dir, 'truth.jsonl'), sorted.map((l) => `${l.truth}\n`).join(''));
  const manifest = sorted.map((l) => `${l.manifest}\n`).join('');
  writeFileSync(join(dir, 'manifest.jsonl'), manifest);
  return createHash('sha256').update(manifest).digest('hex');
}
