import { z } from 'zod';
import { frame, idOrPath, path, spanSchema, transitionSchema } from './schema.ts';

export const exportInputSchema = z.strictObject({
  file: idOrPath.describe('id or path of a catalogued film file: one reel'),
  to: path.describe('new file; its ending says .otio, .edl (CMX 3600) or .xml (Final Cut Pro 7)'),
});

export const exportOutputSchema = z.strictObject({
  file: z.string().describe('id of the film file'),
  to: z.string(),
  shots: frame,
  transitions: frame.describe('fades, dissolves and wipes'),
  startTimecode: z.string().describe("of the cut's first frame"),
  notices: z.array(z.string()).describe('what the format does not keep'),
});

export const compareInputSchema = z.strictObject({
  cut: path.describe('a cut of the film: .otio, .edl (CMX 3600) or .xml (Final Cut Pro 7)'),
  file: idOrPath.describe('id or path of the catalogued film file that it cuts: one reel'),
  shotList: path
    .optional()
    .describe(
      'also write the cut as a shot list (CSV), a new file: catalog add takes it for captions and scenes',
    ),
});

const placeSchema = spanSchema.extend({
  name: z.string().describe('as the cut names it; empty for a shot that was only found'),
  inTimecode: z.string(),
  outTimecode: z.string(),
});

/** What a cut says of a film beside what was found. Nothing is changed. */
export const comparisonSchema = z.strictObject({
  cut: z.string(),
  name: z.string().describe('title of the cut'),
  file: z.string().describe('id of the film file'),
  placedBy: z.enum(['timecode', 'first-frame']).describe('how the cut was laid on the film'),
  shots: z.array(placeSchema).describe('of the cut, without the frames that transitions mix'),
  transitions: z.array(transitionSchema).describe('of the cut: fades, dissolves and wipes'),
  same: frame.describe('shots that both have, to the frame'),
  onlyInCut: z.array(placeSchema),
  onlyFound: z.array(placeSchema),
  notices: z.array(z.string()).describe('what of the cut is not read or not there'),
  shotList: z.string().nullable(),
});

export const adoptInputSchema = compareInputSchema.pick({ cut: true, file: true }).extend({
  anyway: z
    .boolean()
    .default(false)
    .describe(
      'also take a cut of which tracks are not read, whose timecode does not fit, or that names another film',
    ),
});

export const adoptedSchema = z.strictObject({
  file: z.string().describe('id of the film file'),
  cut: z.string(),
  shots: frame,
  transitions: frame.describe('fades, dissolves and wipes'),
  placedBy: comparisonSchema.shape.placedBy,
  notices: z.array(z.string()).describe('what of the cut is not read, or makes it doubtful'),
});

export const discardInputSchema = z.strictObject({
  file: idOrPath.describe("id or path of a catalogued film file whose shots an editor's cut gave"),
});

export const discardedSchema = z.strictObject({
  file: z.string().describe('id of the film file'),
  shots: frame.describe('shots that are no longer known'),
});

export type ExportInput = z.infer<typeof exportInputSchema>;
export type ExportOutput = z.infer<typeof exportOutputSchema>;
export type CompareInput = z.infer<typeof compareInputSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
export type AdoptInput = z.input<typeof adoptInputSchema>;
export type DiscardInput = z.infer<typeof discardInputSchema>;
export type Discarded = z.infer<typeof discardedSchema>;
export type Adopted = z.infer<typeof adoptedSchema>;
