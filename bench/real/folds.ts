import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipLine, DatasetInput } from '../../src/contract/index.ts';
import { manifestOf } from '../../src/dataset/canonical.ts';
import { readSeal, writeSeal } from '../../src/trust/index.ts';
import { readLines, readPixels } from '../checker/takes.ts';

/** Each scene is held out once: by the model of its own fold, and by that fold's reader of titles. */

const FOLDS = [0, 1] as const;
const SHARD = 'shard-00000.u8';

export interface Clip extends ClipLine {
  pixels: Buffer;
  /** The one in which it is held out. */
  fold: number;
}

/** All clips of a snapshot, each scene in a fold. */
export function foldedClips(path: string): Clip[] {
  const lines = readLines(path);
  const folds = foldsOf(lines);
  return lines.map((line) => ({
    ...line,
    pixels: readPixels(path, line),
    fold: folds.get(line.scene) ?? 0,
  }));
}

/** Of each title, the scene with most clips first, each to the fold that has fewest of its clips so far. */
export function foldsOf(clips: readonly Pick<ClipLine, 'title' | 'scene'>[]): Map<string, number> {
  const folds = new Map<string, number>();
  for (const own of Map.groupBy(clips, ({ title }) => title).values()) {
    const counts = FOLDS.map(() => 0);
    const scenes = [...Map.groupBy(own, ({ scene }) => scene)].map(([scene, { length }]) => ({
      scene,
      length,
    }));
    for (const { scene, length } of scenes.sort(
      (a, b) => b.length - a.length || (a.scene < b.scene ? -1 : 1),
    )) {
      const fold = counts.indexOf(Math.min(...counts));
      folds.set(scene, fold);
      counts[fold] = (counts[fold] ?? 0) + length;
    }
  }
  return folds;
}

/**
 * Some clips of a snapshot with another split and other captions, under the seal of that snapshot: what was decided of
 * its shots was decided of these, and is decided again before each run.
 */
export async function refrozen(
  dir: string,
  from: DatasetInput,
  clips: readonly Clip[],
): Promise<DatasetInput> {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, SHARD), Buffer.concat(clips.map(({ pixels }) => pixels)));
  const lines = clips.map(({ pixels: _, fold: __, ...line }, place) => ({
    ...{ ...line, shard: SHARD, offset: place * line.bytes },
  }));
  const manifest = manifestOf(lines);
  writeFileSync(join(dir, 'manifest.jsonl'), manifest);
  const digest = createHash('sha256').update(manifest).digest('hex');
  const { record: _, ...seal } = (await readSeal(from)).seal;
  await writeSeal(dir, { ...seal, snapshot: digest });
  return { path: dir, digest };
}
