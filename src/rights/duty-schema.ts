import { z } from 'zod';
import { momentSchema } from './field-schema.ts';
import { noticeSchema } from './record-schema.ts';

/** What people have to do for others, and by when. */

export const dutySchema = z.strictObject({
  of: z
    .string()
    .describe('row of the ledger, as obligations/<id>, or id of a task that a withdrawal has left'),
  kind: z.enum(['notify', 'consult', 'bargain', 'pay', 'decide']).describe('decide: a task'),
  to: z.strictObject({ id: z.string(), name: z.string() }).nullable().describe('party that is owed it'),
  what: z.string().describe('in words'),
  titles: z.array(z.string()).nullable().describe('ids; null: all, or the task names what it is about'),
  uses: z.array(z.string()).nullable().describe('that it comes with; null: all, or a task'),
  due: z.string().nullable().describe('day or instant; null: none is named'),
  state: z.enum(['overdue', 'open', 'done']),
  days: z
    .int()
    .nullable()
    .describe('calendar days (UTC) until it is due, below 0 since; null: no day, or done'),
  holdsUp: z.boolean().describe('true: shots wait for it now, for these uses'),
  evidence: z
    .strictObject({ agreement: z.string(), clause: z.string().nullable(), page: z.int().nullable() })
    .nullable()
    .describe('where it is written'),
  done: z
    .strictObject({
      at: z.string(),
      by: z.string().nullable().describe('of a task'),
      evidence: z.string().nullable().describe('by which it can be seen'),
    })
    .nullable(),
});

export const dutiesInputSchema = z.strictObject({
  all: z.boolean().default(false).describe('also those that are done'),
  asOf: momentSchema
    .optional()
    .describe('day (UTC) or instant to look from, as decisions do; default: today'),
});

export const dutiesSchema = z.strictObject({
  asOf: z.string(),
  ledger: z.string().nullable().describe('id of the ledger in force; null: none was imported'),
  overdue: z.int().min(0),
  open: z.int().min(0).describe('that are not overdue'),
  duties: z.array(dutySchema).describe('overdue first, then by due day, those without one, those done'),
  notice: noticeSchema,
});

export type Duty = z.infer<typeof dutySchema>;
export type Duties = z.infer<typeof dutiesSchema>;
