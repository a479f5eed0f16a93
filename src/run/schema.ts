import { z } from 'zod';
import { takeSchema } from '../generate/schema.ts';
import { armSchema, checkerSchema, checkVerdictSchema } from '../review/schema.ts';

const path = (text: string) => z.string().min(1).meta({ kind: 'path' }).describe(text);

/** How long the arms train: with this, and all else, the demo stays within ten minutes on two cores. */
const seconds = z.number().positive().default(110).describe('training time of each arm');

export const runInputSchema = z.strictObject({
  paths: z.array(path('film files or folders')).min(1).describe('film files or folders'),
  rights: path('rights ledger (YAML or JSON)').optional().describe('rights ledger (YAML or JSON)'),
  map: path('CSV').optional().describe('CSV that says which file belongs to which title: file,title,reel'),
  seconds,
  briefs: z.int().positive().max(256).default(8).describe('briefs made from held-out scenes'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('draws the briefs and the order of training'),
});

export const demoInputSchema = z.strictObject({
  seconds,
  briefs: z.int().min(4).max(256).default(24).describe('briefs, four takes each'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('draws the films and the briefs'),
});

/** Everything was there already: when that was finished, and how long this call took to find it. */
export const reusedSchema = z.object({ finishedAt: z.iso.datetime(), seconds: z.number().min(0) });

const takeLine = z.object({
  id: z.string(),
  path: z.string(),
  brief: z.string(),
  model: z.string(),
  signed: z.boolean(),
  verdict: checkVerdictSchema,
});

/** An arm, also one that was not made. */
export const armLineSchema = armSchema.extend({
  leftOut: z
    .string()
    .nullable()
    .describe('why it was not made: the rights do not clear its use; null: it was'),
});

/** What `run` and `demo` print with --json. */
export const runResultSchema = z.object({
  workspace: z.string(),
  seconds: z.number().describe('of the work, all its calls together, without writing the report'),
  reused: reusedSchema.nullable(),
  titles: z.int(),
  shots: z.int(),
  refusedFiles: z.array(z.object({ file: z.string(), code: z.string(), reason: z.string() })),
  boundary: z.object({ f1: z.number(), dissolveRecall: z.number().nullable() }).optional(),
  rights: z.object({
    cleared: z.int(),
    refused: z.record(z.string(), z.int()),
    assumed: z
      .record(z.string(), z.int())
      .optional()
      .describe('cleared shots that rest on what no row of the ledger says; absent: none'),
  }),
  dataset: z.object({ id: z.string(), clips: z.int(), digest: z.string() }).nullable(),
  arms: z.array(armLineSchema),
  checker: checkerSchema.nullable().describe('what judged the takes; null where nothing did'),
  takes: z.array(takeLine),
  unframed: z
    .array(z.string())
    .optional()
    .describe(
      "briefs drawn from words alone, as the ledger does not let their scene's first frame be given; absent: none",
    ),
  forecast: z.json().nullable(),
  cut: z.string().nullable().describe('OTIO timeline of the selected takes'),
  report: z.string().nullable(),
  template: z.string().nullable().describe('ledger to fill in, where nothing is cleared'),
});

/** What `generate` prints with --json. */
export const madeTakesSchema = z.object({
  takes: z.array(
    takeSchema.extend({
      verdict: checkVerdictSchema,
      reasons: z.array(z.string()).describe("the checker's, against the take or why it cannot judge"),
      signedPath: z.string().describe('the signed MP4'),
    }),
  ),
  report: z.string().describe('page to watch and judge them on'),
});

export type MadeTakes = z.infer<typeof madeTakesSchema>;
export type Reused = z.infer<typeof reusedSchema>;
export type RunInput = z.output<typeof runInputSchema>;
export type DemoInput = z.output<typeof demoInputSchema>;
export type RunResult = z.infer<typeof runResultSchema>;
