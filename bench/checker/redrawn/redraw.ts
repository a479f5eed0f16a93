import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClipLine, TakeLine } from '../../../src/contract/index.ts';
import { progressOf, SAMPLING } from '../../../src/jobs/index.ts';
import { takeLines } from '../../sheet.ts';
import type { Bench, Model } from '../../takes.ts';
import { readPixels } from '../takes.ts';
import { SEED } from './model.ts';

const BATCH = 8;

/** A true clip that is to be noised to time `strength` and drawn again. */
export interface Wish {
  clip: ClipLine;
  strength: number;
}

/** A clip drawn again, with the wish that it came from; its pixels lie at `path`. */
export interface Redrawn extends Wish {
  take: TakeLine;
  path: string;
}

/**
 * Draws clips again with their own captions.
 * @param dir snapshot of the clips; what is given to the engine is written into it
 * @param steps of those that the sampler takes from pure noise, about as many as lie below the largest strength
 */
export async function redraw(
  bench: Bench,
  model: Model,
  dir: string,
  wishes: readonly Wish[],
  steps: number,
): Promise<Redrawn[]> {
  mkdirSync(join(dir, 'given'), { recursive: true });
  const { directory } = await bench.engine.run(
    {
      ...{ kind: 'generate', seed: 0, ...model, size: null, batch: BATCH, precision: 'bf16' },
      briefs: wishes.map((wish, index) => briefOf(dir, wish, index)),
      sampling: { ...SAMPLING, steps },
    },
    progressOf(bench.report, 'redrawn clips'),
    bench.signal,
  );
  return takeLines(join(directory, 'takes.jsonl')).map((take, index) => {
    const wish = wishes[index] as Wish;
    return { ...wish, take, path: join(directory, take.path) };
  });
}

function briefOf(dir: string, { clip, strength }: Wish, index: number) {
  const pixels = readPixels(dir, clip);
  const path = join(dir, 'given', `${clip.id}.u8`);
  writeFileSync(path, pixels);
  const video = { path, sha256: createHash('sha256').update(pixels).digest('hex') };
  return {
    ...{ id: String(index).padStart(5, '0'), text: clip.caption, mode: 'restyle' as const, candidates: 1 },
    ...{ first: null, last: null, video, strength, seed: SEED + index },
  };
}
