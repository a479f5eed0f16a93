import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../jobs/index.ts';

/** What a training saw, as its own job says; those of older engines too. */

const datasetSchema = z.looseObject({ path: z.string(), digest: z.string() });

const priorSchema = z.looseObject({
  share: z.number(),
  worlds: z.looseObject({ sha256: z.string() }).optional(),
});

export const trainRecordSchema = z.looseObject({
  kind: z.literal('train'),
  seed: z.int(),
  steps: z.int().min(1),
  batch: z.int().min(1),
  mirror: z.boolean().default(false),
  subset: z.int().min(1).nullable().default(null),
  dataset: datasetSchema,
  prior: priorSchema.nullable().default(null),
});

export type TrainRecord = z.infer<typeof trainRecordSchema>;

/** The job of a run's directory as it stands there; null where it is no training's. */
export async function trainJobOf(directory: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(join(directory, 'job.json'), 'utf8').catch(() => '');
  const job = z.looseObject({ kind: z.string() }).safeParse(parsed(text)).data;
  return job?.kind === 'train' ? job : null;
}

/** What JSON says; null where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A run's id is made from its job (ADR 0005): a job that was edited has another. */
export function isNamedByContent(id: string, { id: _, ...job }: Record<string, unknown>): boolean {
  return id === `run_${createHash('sha256').update(canonical(job)).digest('hex').slice(0, 12)}`;
}
