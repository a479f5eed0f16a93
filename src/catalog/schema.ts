import { z } from 'zod';

/** Why a file was not taken in. Stable: scripts may rely on them. */
export const refusalCodes = [
  'empty-file',
  'unreadable',
  'changing',
  'hidden-file',
  'repeated',
  'workspace',
  'truth-file',
  'not-a-film',
  'no-video',
  'truncated',
  'encrypted',
  'unsupported-codec',
  'undecodable',
  'decode-hangs',
  'sequence-gaps',
  'sequence-mixed',
  'unsupported-colour',
  'bad-sidecar',
  'no-film-for-sidecar',
  'ambiguous-sidecar',
] as const;

export const refusalCodeSchema = z.enum(refusalCodes);

export const trackSchema = z.strictObject({
  kind: z.enum(['audio', 'subtitle']),
  codec: z.string(),
  language: z.string().nullable().describe('ISO 639, as the file says; null where it says nothing'),
  title: z.string().nullable(),
  channels: z.int().nullable(),
});

/** What decoding met on the way. The frames that did decode are catalogued. */
export const damageSchema = z.strictObject({
  errors: z.int().min(0).describe('errors and corrupt frames that the decoder reported'),
  messages: z.array(z.string()).describe("the first few, in the decoder's words"),
  finished: z.boolean().describe('false where the decoder gave up before the end'),
});

/** What a file says about mining and training on it. */
export const markSchema = z.strictObject({
  standard: z.enum(['cawg.training-mining', 'iptc.data-mining']),
  says: z.string().describe('entry of the assertion, such as cawg.ai_training, or value of the property'),
  permission: z
    .enum(['allowed', 'notAllowed', 'constrained', 'unreadable'])
    .describe('unreadable: something is said, and nobody can tell what'),
  info: z.string().nullable().describe('what a constraint says of itself'),
});

/** 3:2 pulldown: film frames shown as 29.97 frames of video. */
export const telecineSchema = z.strictObject({
  kind: z
    .enum(['hard', 'soft'])
    .describe('hard: woven into the pictures; soft: said by flags, the frames are those of the film'),
  first: z.enum(['top-first', 'bottom-first']).nullable().describe('order of the fields; null where soft'),
  share: z.number().min(0).max(1).describe('stretches that follow the cadence, of those that can tell'),
  repeats: z
    .int()
    .min(0)
    .describe('frames that show the film frame before once more when it is undone; clips leave them out'),
});

/** A film that is kept as numbered pictures: its file's path is their pattern, `plate.%04d.exr`. */
export const sequenceFactsSchema = z.strictObject({
  first: z.int().min(0).describe('number of the first picture, which is frame 0'),
  rate: z
    .enum(['given', 'header', 'assumed'])
    .describe("header: the pictures' own; assumed: nobody said how fast it runs, so 24/1"),
  contradicts: z
    .array(z.string())
    .optional()
    .describe('where headers say another rate or timecode than they should; such timecodes are not used'),
  light: z
    .enum(['display', 'linear'])
    .describe("linear: made a picture by BT.709's curve, and cut off where it is brighter than white"),
  /** Told of pictures by their headers; absent: catalogued before anybody looked. */
  granted: z.array(z.enum(['light-assumed', 'first-part-only'])).optional(),
});

/** Technical facts of a film: all measured or read from the file, none guessed. */
export const filmFactsSchema = z.strictObject({
  container: z.string(),
  codec: z.string(),
  profile: z.string().nullable(),
  pixelFormat: z.string().nullable(),
  bitDepth: z.int().nullable(),
  width: z.int().describe('pixels of the decoded picture, rotation applied'),
  height: z.int(),
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).describe('clockwise'),
  sampleAspect: z.string().describe('width of a pixel to its height, rotation applied'),
  fieldOrder: z.enum(['progressive', 'top-first', 'bottom-first', 'unknown']),
  interlaced: z.boolean().describe('as the file says, or as its frames show'),
  fieldsSeen: z
    .enum(['top-first', 'bottom-first'])
    .nullable()
    .optional()
    .describe(
      'how its frames are woven of fields where they do not say so; absent: catalogued before anybody looked',
    ),
  telecine: telecineSchema
    .nullable()
    .optional()
    .describe('3:2 pulldown; absent: catalogued before anybody looked'),
  colorMatrix: z.string().nullable(),
  colorTransfer: z.string().nullable(),
  colorPrimaries: z.string().nullable(),
  colorRange: z.string().nullable(),
  hdr: z.enum(['pq', 'hlg', 'dolby-vision']).nullable(),
  timeBase: z.string().describe("seconds a tick of the frame table, '1/90000'"),
  timestamps: z.enum(['file', 'counted']).describe("counted: the file's own were missing or ran backwards"),
  variableRate: z
    .boolean()
    .describe('no constant rate fits the timestamps; where timeGaps says no more, fps is the average'),
  timeGaps: z
    .int()
    .min(0)
    .optional()
    .describe(
      'places where frames are missing, or pause, in a film that otherwise runs at fps; absent: catalogued before anybody looked',
    ),
  declaredRate: z.string().nullable(),
  startTimecode: z.string().nullable(),
  dropFrame: z.boolean(),
  unreadTimecode: z
    .string()
    .nullable()
    .optional()
    .describe('a start timecode that does not exist at this rate, so that frames count from zero'),
  declaredSeconds: z.number().nullable().describe('what the container says, all tracks included'),
  declaredVideoSeconds: z.number().nullable(),
  declaredFrames: z.int().nullable(),
  decodedSeconds: z.number().describe('first decoded frame to the end of the last'),
  formatChanges: z.int().min(0).describe("how often the picture's size or format changes on the way"),
  otherVideoStreams: z.int().min(0).describe('video streams that are left aside, cover art included'),
  tracks: z.array(trackSchema),
  damaged: damageSchema.nullable(),
  sequence: sequenceFactsSchema.nullable().default(null),
  marks: z
    .array(markSchema)
    .nullable()
    .default(null)
    .describe('what the file says about training on it; null: catalogued before anybody looked'),
  names: z.array(z.string()).optional().describe('other base names under which the same bytes were found'),
  namedAt: z.record(z.string(), z.string()).optional().describe('since when later names are known'),
});

export const rateSchema = z
  .string()
  .trim()
  .regex(/^[1-9]\d*(\/[1-9]\d*)?$/, 'a rate such as 24 or 24000/1001');

export const addInputSchema = z.strictObject({
  paths: z
    .array(z.string().min(1).meta({ kind: 'path' }))
    .min(1)
    .describe('films, sidecars, or folders of them (searched throughout)'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe('the film work that all these files belong to'),
  map: z
    .string()
    .min(1)
    .meta({ kind: 'path' })
    .optional()
    .describe(
      'CSV with columns file, title, reel: which file belongs to which title (an image sequence by its folder or its pattern, plate.%04d.exr); rate for image sequences',
    ),
  rate: rateSchema
    .optional()
    .describe(
      "frames a second of image sequences, 24 or 24000/1001; without it their headers', else 24, and flagged",
    ),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const addedFilmSchema = z.strictObject({
  kind: z.literal('film'),
  file: z.string(),
  sha256,
  id: z.string(),
  title: z.string(),
  unmapped: z.boolean(),
  reel: z.int(),
  frames: z.int(),
  fps: z.string(),
  flags: z.array(z.string()),
});

export const addedSidecarSchema = z.strictObject({
  kind: z.literal('sidecar'),
  file: z.string(),
  sha256,
  id: z.string(),
  film: z.string().describe('the film that it belongs to'),
});

export const addedSchema = z.discriminatedUnion('kind', [addedFilmSchema, addedSidecarSchema]);

export const refusedSchema = z.strictObject({
  file: z.string(),
  code: refusalCodeSchema,
  reason: z.string().describe('what was found and what to do'),
});

export const knownSchema = z.strictObject({
  file: z.string(),
  sha256,
  id: z.string(),
  kind: z.enum(['film', 'sidecar']),
  reason: z.string(),
});

export const addOutputSchema = z.strictObject({
  added: z.array(addedSchema),
  refused: z.array(refusedSchema),
  known: z.array(knownSchema),
  unused: z
    .array(z.string())
    .describe('what rows of the map name, of those that are about no film found here'),
});

export const sidecarSchema = z.strictObject({
  id: z.string(),
  kind: z
    .enum(['srt', 'vtt', 'ass', 'ssa', 'ttml', 'dfxp', 'scc', 'stl', 'csv', 'json', 'xmp', 'c2pa'])
    .describe('xmp, c2pa: metadata that lie beside the film'),
  path: z.string(),
});

export const catalogFileSchema = z.strictObject({
  id: z.string(),
  titleId: z.string(),
  titleName: z.string(),
  unmapped: z.boolean(),
  reel: z.int(),
  path: z.string(),
  sha256,
  bytes: z.int(),
  frames: z.int(),
  fps: z.string(),
  facts: filmFactsSchema,
});

export const listInputSchema = z.strictObject({});

export const listOutputSchema = z.strictObject({
  titles: z.array(
    z.strictObject({
      ...{ id: z.string(), name: z.string(), unmapped: z.boolean(), seconds: z.number() },
      missingReels: z.array(z.tuple([z.int(), z.int()])).describe('first and last number of each gap'),
      sharedReels: z.array(z.int()).describe('numbers that several of its files have'),
      files: z.array(
        z.strictObject({
          id: z.string(),
          reel: z.int(),
          path: z.string(),
          frames: z.int(),
          fps: z.string(),
          seconds: z.number(),
          flags: z.array(z.string()),
        }),
      ),
    }),
  ),
  refused: z.array(refusedSchema),
});

export const showInputSchema = z.strictObject({
  id: z.string().min(1).describe('title by id or name, or file by id or path'),
  at: z.string().optional().meta({ kind: 'path', of: 'id' }).describe('the path that `id` may be, absolute'),
});

export const showOutputSchema = z.strictObject({
  files: z.array(catalogFileSchema.extend({ flags: z.array(z.string()), sidecars: z.array(sidecarSchema) })),
});

export type Mark = z.infer<typeof markSchema>;
export type RefusalCode = z.infer<typeof refusalCodeSchema>;
export type Telecine = z.infer<typeof telecineSchema>;
export type SequenceFacts = z.infer<typeof sequenceFactsSchema>;
export type FilmFacts = z.infer<typeof filmFactsSchema>;
export type CatalogFile = z.infer<typeof catalogFileSchema>;
export type Sidecar = z.infer<typeof sidecarSchema>;
export type AddInput = z.infer<typeof addInputSchema>;
export type AddOutput = z.infer<typeof addOutputSchema>;
export type Refused = z.infer<typeof refusedSchema>;
export type Known = z.infer<typeof knownSchema>;
export type AddedFilm = z.infer<typeof addedFilmSchema>;
export type AddedSidecar = z.infer<typeof addedSidecarSchema>;
export type ListOutput = z.infer<typeof listOutputSchema>;
export type ShowOutput = z.infer<typeof showOutputSchema>;
