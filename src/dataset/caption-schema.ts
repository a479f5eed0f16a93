import { z } from 'zod';
import { captionSourceSchema } from '../contract/index.ts';
import { noticeSchema, territorySchema } from '../rights/schema.ts';
import { trainers } from '../rights/uses.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);

/** Where a vision endpoint answers, without what differs between ways of writing it. */
const endpointSchema = z
  .url({ protocol: /^https?$/, error: 'an address such as https://captions.example/v1' })
  .refine((url) => !/[?#@]/.test(url), { error: 'an address without a query, a fragment or a password' })
  .transform((url) => new URL(url).href.replace(/\/+$/, ''))
  .describe('base address of an OpenAI-compatible endpoint, such as http://localhost:8000/v1');

const title = z.string().min(1).describe('id or name of a title of the catalogue');

const price = z.number().min(0).optional();
const prices = {
  priceIn: price.describe('price of a million tokens that the endpoint reads, in any currency'),
  priceOut: price.describe('price of a million tokens that it writes'),
};

export const tokensSchema = z.strictObject({
  in: count,
  out: count,
  unsaid: count.describe('times that a picture was sent and the endpoint named none'),
});

export const disclosuresInputSchema = z.strictObject(prices);

const cost = z
  .number()
  .min(0)
  .nullable()
  .describe('in the currency of the prices; null where none was given');

export const discloseInputSchema = z.strictObject({
  title,
  endpoint: endpointSchema,
  operator: z
    .enum(trainers)
    .describe(
      'who runs it: in-house; vendor, by a contract that lets it keep nothing and learn nothing; third-party, anybody else',
    ),
  territory: territorySchema
    .default('world')
    .describe('where it works: ISO 3166 code, or world where nobody knows'),
  stop: z.boolean().default(false).describe('no longer: nothing more of the title is sent there'),
});

export const disclosureSchema = z.strictObject({
  id: z.int(),
  title: z.string(),
  titleId: z.string(),
  endpoint: z.string(),
  operator: z.enum(trainers),
  territory: z.string(),
  allowed: z.boolean(),
  who: z.string(),
  at: z.iso.datetime(),
  sent: count.describe(
    'times that a picture of it was sent there, also anew after an error, answered or not',
  ),
});

export const disclosuresSchema = z.strictObject({
  disclosures: z.array(disclosureSchema).describe('every permission given and taken back, the newest first'),
  totals: z
    .array(z.strictObject({ title: z.string(), sent: count, tokens: tokensSchema, cost }))
    .describe('of each title, over all runs, endpoints and models'),
  notice: noticeSchema,
});

/** Shots of one title with the very same words from which on these tell a model nothing about what it sees. */
export const captionRepeats = 5;

/** What is wrong with captions, and of how many shots. Shots that name a performer are left out. */
export const captionAlarmSchema = z.strictObject({
  rule: z.enum(['caption-repeated', 'caption-boilerplate', 'caption-names-performer']),
  shots: count.describe('of which it holds'),
  message: z.string(),
});

export const captionInputSchema = z.strictObject({
  endpoint: endpointSchema,
  model: z.string().min(1).describe('name of the model, as the endpoint calls it'),
  title: title.optional().describe('id or name of one title (default: all that may be sent there)'),
  perMinute: z
    .int()
    .min(1)
    .max(6000)
    .default(60)
    .describe('most pictures sent in a minute, also anew after an error'),
  ...prices,
});

export const captionReportSchema = z.strictObject({
  endpoint: z.string(),
  model: z.string(),
  titles: z.array(z.string()).describe('names of the titles of which pictures may be sent there'),
  captioned: count.describe('shots that got a caption now'),
  cleaned: count.describe(
    'captions of these from which reasoning, markup or quotes around the whole were cut',
  ),
  known: count.describe('shots that had one of this model before: not asked again'),
  left: counts.describe('shots that were not sent, by reason: a rule of the ledger, or no_picture'),
  failed: counts.describe('shots that were sent and got no caption, by reason: asked again the next time'),
  tokens: tokensSchema,
  cost,
  alarms: z
    .array(captionAlarmSchema)
    .describe(
      `of the captions that were written now: the same for ${captionRepeats} shots of a title or more, or alike in how they begin`,
    ),
});

export const describeInputSchema = z.strictObject({
  shot: z.string().min(1).describe('id of a shot'),
  text: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .optional()
    .describe('its caption in your words, from now on; without it: what was said of it so far'),
});

export const captionVersionSchema = z.strictObject({
  source: z.enum(['person', 'model']),
  caption: z.string().describe('empty where a withdrawal took it away'),
  who: z.string().describe('who wrote it, or had it written'),
  model: z.string().nullable(),
  at: z.iso.datetime(),
});

export const describedSchema = z.strictObject({
  shot: z.string(),
  caption: z.string().describe('that a freeze takes'),
  source: captionSourceSchema,
  versions: z.array(captionVersionSchema).describe('the newest first'),
});

export type DiscloseInput = z.output<typeof discloseInputSchema>;
export type Disclosure = z.infer<typeof disclosureSchema>;
export type Prices = z.output<typeof disclosuresInputSchema>;
export type Tokens = z.infer<typeof tokensSchema>;
export type Disclosures = z.infer<typeof disclosuresSchema>;
export type CaptionInput = z.output<typeof captionInputSchema>;
export type CaptionAlarm = z.infer<typeof captionAlarmSchema>;
export type CaptionReport = z.infer<typeof captionReportSchema>;
export type DescribeInput = z.output<typeof describeInputSchema>;
export type CaptionVersion = z.infer<typeof captionVersionSchema>;
export type Described = z.infer<typeof describedSchema>;
