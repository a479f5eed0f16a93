import { z } from 'zod';
import { idSchema } from './field-schema.ts';
import { noticeSchema } from './record-schema.ts';

const title = idSchema.describe('id of a title in the ledger');
const states = ['open', 'known', 'refused'] as const;

export const creditsInputSchema = z.strictObject({
  title: title.optional(),
  state: z.enum(states).optional().describe('only those; default: all'),
});

/** Names that were read in credits, each once for a title. They decide nothing until a person answers. */
export const creditsSchema = z.strictObject({
  notice: noticeSchema,
  ledger: z.string().nullable(),
  credits: z.array(
    z.strictObject({
      name: z.string().describe('as it was read first'),
      title: z.string().nullable().describe('title of the ledger; null: it names none of these files'),
      film: z.string().describe('title in the catalogue'),
      shots: z.array(z.string()).describe('in which it was read'),
      party: z.string().nullable().describe('party of the ledger that is called so, or that was answered'),
      state: z
        .enum(states)
        .describe(
          'open: nobody answered; known: the ledger says where the party is seen, or of each file that it is not; refused: nobody to ask',
        ),
      by: z.string().nullable().describe('who answered last'),
      at: z.string().nullable(),
    }),
  ),
  open: z.int().min(0),
});

export const answerInputSchema = z.strictObject({
  name: z.string().min(1).describe('a name that `rights credits` lists'),
  title,
  seen: z
    .enum(['somewhere', 'everywhere', 'nowhere'])
    .describe(
      'somewhere: all shots of the title wait until the ledger says which; everywhere: confirmed in all of them; nowhere: crew, a place, a misreading',
    ),
  party: idSchema.optional().describe('whose name it is: a party of the ledger; needed unless nowhere'),
});

export const answeredSchema = z.strictObject({
  notice: noticeSchema,
  name: z.string(),
  title: z.string(),
  party: z.string().nullable(),
  state: z.enum(['known', 'refused']),
  ledger: z.string().nullable().describe('ledger in force afterwards'),
  rows: z
    .array(z.string())
    .describe('appearances added to it, or confirmed; none where it says as much already'),
});

export type CreditsInput = z.output<typeof creditsInputSchema>;
export type Credits = z.infer<typeof creditsSchema>;
export type AnswerInput = z.output<typeof answerInputSchema>;
export type Answered = z.infer<typeof answeredSchema>;
