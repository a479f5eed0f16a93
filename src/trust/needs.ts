import type { Job } from '../contract/index.ts';

/** Measuring clips, and what cannot be done without it. */
const MEASURING = ['eval', 'train.foundation', 'train.style', 'train.performer'] as const;

/** Who makes the weights of a whole model trains a foundation; who adds to a base trains a style, or a performer. */
const TRAINING = {
  scratch: ['train.foundation'],
  full: ['train.foundation'],
  lora: ['train.style', 'train.performer'],
} as const;

type Making = { kind: Job['kind']; method?: keyof typeof TRAINING };

/** Kinds of job that leave a whole model of another sort. */
const FITTING: readonly string[] = ['fit-codec', 'fit-checker', 'fit-upscaler'];

/**
 * The uses of which a snapshot must be cleared for one before a job reads it: what the job makes of the clips says which. The engine
 * has the same table and refuses by itself (`data/gate.py`).
 * @returns the one that is decided where the snapshot was frozen for none of them comes first
 */
export function usesOf({ kind, method }: Making): readonly [string, ...string[]] {
  if (method !== undefined) return TRAINING[method];
  return FITTING.includes(kind) ? TRAINING.scratch : MEASURING;
}

/** The use that a permit names: the one that the snapshot was frozen for where the job needs no other. */
export function useFor(job: Making, frozenFor: string): string {
  const uses = usesOf(job);
  return uses.includes(frozenFor) ? frozenFor : uses[0];
}
