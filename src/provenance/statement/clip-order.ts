import { createHash } from 'node:crypto';
import { mersenne } from 'pure-rand/generator/mersenne';

/**
 * How often a training run shows each clip, from its job alone. This is the order of the engine's `batches.py`: epochs of
 * `torch.randperm`, each drawn from the seed, the purpose and the epoch's number. `test/fixtures/contract/clip-order.json`
 * holds cases that the engine's tests and ours both read.
 */

/** What of a train job decides how often clips are seen. */
export interface Seeing {
  seed: number;
  steps: number;
  batch: number;
  mirror: boolean;
  /** Only so many of the training clips, drawn by the seed; null: all. */
  subset: number | null;
  /** Share of a batch that comes from the base's own worlds, which are nobody's; null: none. */
  priorShare: number | null;
}

/** @returns how often each of `clips` training clips, in the manifest's order, is seen; mirrored or not */
export function timesSeen(job: Seeing, clips: number): number[] {
  const chosen = chosenClips(job, clips);
  const aBatch = job.batch - clipsFromPrior(job);
  const counts = seenInOrder(job, aBatch, chosen.length, job.mirror ? 2 : 1);
  const seen = new Array<number>(clips).fill(0);
  for (const [i, clip] of chosen.entries()) seen[clip] = counts[i] ?? 0;
  return seen;
}

/** Of each batch, clips that are not the dataset's. */
export function clipsFromPrior({ batch, priorShare }: Pick<Seeing, 'batch' | 'priorShare'>): number {
  if (priorShare === null) return 0;
  return Math.min(batch - 1, Math.max(1, roundHalfToEven(batch * priorShare)));
}

/** As Python rounds. */
function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

/** Places of the clips that a subset holds, in order. */
function chosenClips({ subset, seed }: Seeing, clips: number): number[] {
  if (subset === null) return Array.from({ length: clips }, (_, i) => i);
  return permutation([seed, 'subset'], clips)
    .slice(0, subset)
    .sort((a, b) => a - b);
}

/** Whole epochs show every clip once in each of its `forms` (as it is, mirrored); of the last one its beginning counts. */
function seenInOrder(job: Seeing, aBatch: number, clips: number, forms: number): number[] {
  const size = clips * forms;
  if (size === 0) return new Array<number>(clips).fill(0);
  const shown = job.steps * aBatch;
  const epochs = Math.floor(shown / size);
  const counts = new Array<number>(clips).fill(epochs * forms);
  const rest = shown % size === 0 ? [] : permutation([job.seed, 'clips', epochs], size);
  for (const place of rest.slice(0, shown % size)) counts[place % clips] = (counts[place % clips] ?? 0) + 1;
  return counts;
}

/** `torch.randperm(size)` of the engine's generator for a purpose (`randomness.py`), for sizes below 2^32 / 20. */
function permutation(purpose: readonly (string | number)[], size: number): number[] {
  const random = mersenne(seedOf(purpose));
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < size - 1; i++) {
    const other = i + ((random.next() >>> 0) % (size - i));
    [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** Low 32 bits of half the first eight bytes, which is all that torch seeds its generator with. */
function seedOf(purpose: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(purpose.join('/')).digest();
  return Number((digest.readBigUInt64BE() >> 1n) & 0xffffffffn);
}
