import { z } from 'zod';
import { captionSourceSchema } from '../contract/index.ts';
import { outcomeSchema, useSchema } from '../rights/schema.ts';

const count = z.int().min(0);

/** What a shot can be looked up and counted by. */
export const shotFields = [
  ...['title', 'character', 'set', 'action', 'camera', 'time'],
  ...['light', 'source', 'outcome', 'text', 'speech'],
] as const;
export const shotFieldSchema = z.enum(shotFields);

/** How much text a shot shows; credits: lines that look like names. */
const writings = ['credits', 'throughout', 'some', 'none'] as const;

const said = (what: string) => z.string().min(1).optional().describe(what);
const seconds = z.number().min(0);

/** Which shots. Whatever is given must hold; words in any grammatical form: walks finds walking. */
const shotQuery = {
  words: z
    .string()
    .regex(/\S/, 'no word to look for; without words all shots are shown')
    .optional()
    .describe(
      'words of its caption, subtitles, title and of the text read in its picture, all of which it must have',
    ),
  title: said('words of its title'),
  character: said('a name, or one word of it, of somebody in it, as the shot list says'),
  set: said('words of its set'),
  action: said('words of its action'),
  camera: said(
    'words of its camera move, as the shot list says, else as measured: pans, tilts, zooms, still, handheld',
  ),
  time: said('its time of day'),
  light: z.enum(['dark', 'medium-lit', 'bright']).optional().describe('how light it is, as measured'),
  source: captionSourceSchema.optional().describe('where its caption comes from; facts: nobody described it'),
  outcome: z
    .enum([...outcomeSchema.options, 'UNDECIDED'])
    .optional()
    .describe('what `rights decide` or a freeze last decided of it by the ledger in force and these rules'),
  use: useSchema.default('train.style').describe('for which use they decided'),
  text: z
    .enum(writings)
    .optional()
    .describe('how much text its picture shows, where `shots text` looked; throughout: burnt in'),
  read: said('words of the text that was read in its picture'),
  credited: said(
    'a name, or one word of it, that was read in credits: a proposal, nobody is confirmed by it',
  ),
  speech: z
    .enum(['with', 'without'])
    .optional()
    .describe('whether somebody speaks, where `shots speech` listened'),
  minSeconds: seconds.optional().describe('at least so long'),
  maxSeconds: seconds.optional().describe('at most so long'),
};

export const searchInputSchema = z.strictObject({
  ...shotQuery,
  like: z.string().min(1).optional().describe('id of a shot: those that look most like it come first'),
  limit: z.int().min(1).max(1000).default(50).describe('shots of a page'),
  offset: count.default(0).describe('shots before the page'),
});

/** What the index stands on. */
const lookedIn = {
  indexed: count.describe('shots of the workspace'),
  decided: z
    .strictObject({ ledger: z.string(), use: useSchema, territory: z.string(), asOf: z.string() })
    .nullable()
    .describe('which decisions outcomes are of; null where none was asked for, or none is on record'),
  notices: z
    .array(z.string())
    .describe(
      'of the films of the titles asked about: sidecars that could not be read, and captions that say nothing, by rule; the first twenty',
    ),
  moreNotices: count,
};

const value = z.string().nullable().describe('null: nobody said');

export const foundShotSchema = z.strictObject({
  id: z.string(),
  fileId: z.string(),
  in: count,
  out: count,
  inTimecode: z.string(),
  seconds,
  title: z.string(),
  characters: z.array(z.string()),
  ...{ set: value, action: value, camera: value, time: value },
  light: z.string(),
  scene: z.string(),
  caption: z.string(),
  source: z.string(),
  spoken: z.string().describe('subtitles that show during it'),
  read: z.string().describe('text that was read in its picture, line by line'),
  credited: z.array(z.string()).describe('names read in credits: proposals'),
  ...{ text: value, speech: value },
  distance: z
    .number()
    .min(0)
    .optional()
    .describe('how far it looks from the shot that `like` names: root mean square of 64 values in -127..127'),
});

export const searchOutputSchema = z.strictObject({
  found: count.describe('shots that match, on all pages'),
  minutes: z.number().min(0),
  shots: z
    .array(foundShotSchema)
    .describe('by title, reel and film order; where they should look like a shot, the likest first'),
  ...lookedIn,
});

export const coverageInputSchema = z.strictObject({
  ...shotQuery,
  rows: shotFieldSchema.default('character').describe('what the rows of the table are'),
  columns: shotFieldSchema.default('set').describe('what its columns are'),
  maxRows: z.int().min(1).max(500).default(20).describe('rows shown, those with the most shots first'),
  maxColumns: z.int().min(1).max(100).default(10).describe('columns shown'),
});

const axis = z.strictObject({
  field: shotFieldSchema,
  values: z
    .array(value)
    .describe('values in the titles asked about, those with the most matching shots first'),
  left: count.describe('values that are not shown'),
});

export const coverageOutputSchema = z.strictObject({
  found: count.describe('shots that match'),
  minutes: z.number().min(0),
  rows: axis,
  columns: axis,
  cells: z
    .array(z.array(z.strictObject({ shots: count, minutes: z.number().min(0) })))
    .describe('by row, then column; a shot with several characters counts for each'),
  empty: count.describe('cells without a shot, of those whose row and column somebody named'),
  ...lookedIn,
});

export type ShotField = z.infer<typeof shotFieldSchema>;
export type SearchInput = z.infer<typeof searchInputSchema>;
export type SearchOutput = z.infer<typeof searchOutputSchema>;
export type FoundShot = z.infer<typeof foundShotSchema>;
export type CoverageInput = z.infer<typeof coverageInputSchema>;
export type CoverageOutput = z.infer<typeof coverageOutputSchema>;
export type ShotQuery = Pick<SearchInput, Extract<keyof SearchInput, keyof CoverageInput>>;
