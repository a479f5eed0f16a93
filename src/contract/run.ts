import { z } from 'zod';

/** One line of `events.jsonl`, appended by rank 0. `seq` counts from 0 and continues after a restart. */
const event = { seq: z.int().min(0), at: z.iso.datetime() };

export const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...event, type: z.literal('started'), pid: z.int(), resumedAtStep: z.int().nullable() }),
  z.strictObject({ ...event, type: z.literal('phase'), name: z.string() }),
  z.strictObject({
    ...event,
    type: z.literal('progress'),
    done: z.number().min(0),
    total: z.number().min(0),
    unit: z.string(),
    perSecond: z.number().min(0).nullable(),
    etaSeconds: z.number().min(0).nullable(),
  }),
  z.strictObject({
    ...event,
    type: z.literal('metric'),
    name: z.string(),
    step: z.int().min(0),
    value: z.number(),
  }),
  z.strictObject({ ...event, type: z.literal('sample'), step: z.int().min(0), path: z.string() }),
  z.strictObject({
    ...event,
    type: z.literal('artifact'),
    name: z.string(),
    path: z.string().describe('relative to the run directory'),
    sha256: z.string(),
  }),
  z.strictObject({ ...event, type: z.literal('notice'), code: z.string(), message: z.string() }),
]);

const endedAt = z.iso
  .datetime()
  .optional()
  .describe('by the clock of the run, which marks it; left out by earlier versions');

/** `outcome.json`: written last, by rename, once. It decides; exit codes are hints. */
export const outcomeSchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('succeeded'), result: z.record(z.string(), z.json()), endedAt }),
  z.strictObject({
    status: z.literal('cancelled'),
    resumeFrom: z.strictObject({ path: z.string(), sha256: z.string() }).nullable(),
    endedAt,
  }),
  z.strictObject({
    status: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    hint: z.string(),
  }),
]);

export type RunEvent = z.infer<typeof eventSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;
