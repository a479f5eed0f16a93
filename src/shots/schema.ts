import { z } from 'zod';
import { aspects } from './aspect.ts';

export const frame = z.int().min(0);
export const path = z.string().min(1).meta({ kind: 'path' });
export const idOrPath = z.string().min(1).meta({ kind: 'id-or-path' });
const level = z.number().min(0).max(255);

export const transitionTypes = ['cut', 'fade', 'dissolve', 'wipe'] as const;

/** Frames from `in` (inclusive) to `out` (exclusive) that show one shot and nothing mixed. */
export const spanSchema = z.strictObject({ in: frame, out: frame });

/**
 * How one shot becomes the next. A cut has `start` = last frame before and `end` = first frame after, and takes no
 * frame; others have `start` = first mixed and `end` = last mixed frame, and lie outside the shots.
 */
export const transitionSchema = z.strictObject({ start: frame, end: frame, type: z.enum(transitionTypes) });

/** A transition as the detector found it. */
export const foundTransitionSchema = transitionSchema.extend({
  confidence: z.number().min(0).max(1).describe('how sure the detector is; it keeps what has at least .5'),
});

/** A transition as it is kept. */
export const fileTransitionSchema = transitionSchema.extend({
  fileId: z.string(),
  confidence: foundTransitionSchema.shape.confidence
    .describe(
      'how sure the detector was, 1 where an editor said it; absent where an earlier version found it',
    )
    .optional(),
});

export const cameraMoves = [
  ...['still', 'pans left', 'pans right', 'tilts up', 'tilts down'],
  ...['zooms in', 'zooms out', 'handheld'],
] as const;

/** What the camera does, from the motion that most of the picture shares. */
export const cameraFactsSchema = z.strictObject({
  move: z.enum(cameraMoves),
  pan: z.number().describe('widths of the picture a second, to the right'),
  tilt: z.number().describe('heights of the picture a second, upwards'),
  zoom: z.number().describe('natural logarithm of the magnification gained a second'),
  shake: z.number().min(0).describe('median distance from its own way, shares of the picture a second'),
});

export const rectangleSchema = z.strictObject({
  x: frame,
  y: frame,
  width: z.int().positive(),
  height: z.int().positive(),
});

/** A line of text in the picture. */
export const textLineSchema = z.strictObject({
  text: z.string(),
  confidence: z.number().min(0).max(1).describe('mean over its letters'),
  box: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .describe('left, top, right, bottom, in shares of the picture'),
  frames: z.int().positive().describe('of the frames looked at, those that show it'),
});

/** Text in the picture of a shot: overlays and signs alike. */
export const textFactsSchema = z.strictObject({
  frames: z.int().positive().describe('frames looked at'),
  share: z.number().min(0).max(1).describe('of the frames looked at, those with text'),
  covered: z
    .number()
    .min(0)
    .max(1)
    .describe('part of the picture that its lines take, on average of all of them'),
  lines: z.array(textLineSchema),
  names: z
    .array(z.string())
    .describe(
      'lines of credits that look like the name of somebody: proposals, never a confirmed appearance',
    ),
});

/** What is measured of a shot, inside the active picture. Levels are 0..255. */
export const shotFactsSchema = z.strictObject({
  luma: level.describe('mean BT.709 luma'),
  colour: z.tuple([level, level, level]).describe('mean red, green, blue'),
  motion: z.number().min(0).describe('mean absolute change of luma from frame to frame, of 64 x 36 pixels'),
  sharpness: z
    .number()
    .min(0)
    .describe('mean gradient of luma, grey levels a pixel, of a frame near the middle, 240 pixels high'),
  contrast: level
    .optional()
    .describe(
      'most that luma differs over one picture of 24 x 14 cells (standard deviation), of four a second; absent where there was none, or found by an earlier version',
    ),
  blur: z.number().min(0).max(1).optional().describe('0: sharp; absent where no edge is to tell by'),
  camera: cameraFactsSchema
    .optional()
    .describe('absent where it cannot be told: under a second, or flat; or found by an earlier version'),
  text: textFactsSchema.optional().describe('absent where nobody asked: shots text'),
  speech: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .optional()
    .describe(
      'part of the shot in which somebody speaks; null: the film has no sound; absent where nobody asked: shots speech',
    ),
  activePicture: rectangleSchema
    .optional()
    .describe('pixels that no black bar covers, where the shot has other bars than its film'),
});

/** What is found once for a file. */
export const fileFactsSchema = z.strictObject({
  activePicture: rectangleSchema.describe('pixels of the decoded picture that no black bar covers'),
  barFrames: frame.describe('frames lit enough to tell bars from darkness; below 3 no bar is believed'),
});

export const shotSchema = z.strictObject({
  id: z.string(),
  fileId: z.string(),
  number: z.int().positive().describe('1-based, in film order'),
  in: frame,
  out: frame,
  inTimecode: z.string().describe('where the rate varies, by when the frame shows'),
  outTimecode: z.string(),
  thumbnail: z.string().nullable().describe('absolute path of a JPEG of a frame near the middle'),
  facts: shotFactsSchema,
});

export const detectInputSchema = z.strictObject({
  file: path
    .optional()
    .describe('a film file, catalogued or not; without it: all catalogued files not yet done'),
  detector: z
    .enum(['fast', 'exact'])
    .default('fast')
    .describe(
      'exact: a network also looks at the doubtful frames, which costs a few milliseconds of processor time each',
    ),
  again: z.boolean().default(false).describe('also try files again that failed before and have not changed'),
});

/** What `shots detect FILE` prints: 0-based decoded frames. */
export const foundInFileSchema = z.strictObject({
  file: z.string(),
  frames: frame,
  fps: z.string(),
  shots: z.array(spanSchema),
  transitions: z.array(foundTransitionSchema),
  network: z
    .number()
    .min(0)
    .max(1)
    .describe('frames that the network looked at, as a share of all; 0 with the fast detector'),
  pulldown: z
    .enum(['top-first', 'bottom-first'])
    .nullable()
    .describe(
      'fields of 3:2 pulldown that was undone before shots were looked for, by their order; null: none',
    ),
});

export const detectedSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      id: z.string(),
      file: z.string(),
      frames: frame,
      shots: frame,
      transitions: z.strictObject({ cut: frame, fade: frame, dissolve: frame, wipe: frame }),
      network: z.number().min(0).max(1).describe('share of the frames that the network looked at'),
    }),
  ),
  known: z.int().min(0).describe('files whose shots were found before'),
  failed: z.array(z.strictObject({ id: z.string(), file: z.string(), code: z.string(), reason: z.string() })),
});

export const detectOutputSchema = z.union([foundInFileSchema, detectedSchema]);

export const listInputSchema = z.strictObject({
  file: idOrPath.optional().describe('id or path of a catalogued file; without it: all'),
  speech: z
    .enum(['with', 'without'])
    .optional()
    .describe('only shots in which somebody speaks, or nobody; of films with sound'),
  text: z.enum(['with', 'without']).optional().describe('only shots with text in the picture, or without'),
});

/** What a person or a dataset may want to leave out. */
export const shotMarks = ['black', 'flat', 'frozen', 'blurred', 'credits', 'burnt_in_text'] as const;

/** A shot as it is listed. */
export const listedShotSchema = shotSchema.extend({
  marks: z
    .array(z.enum(shotMarks))
    .describe('what its facts say, by the limits of marks.ts; what was not measured or read is not said'),
});

const listedFilmSchema = z.strictObject({
  fileId: z.string(),
  title: z.string(),
  reel: z.int(),
  path: z.string(),
});

export const listOutputSchema = z.strictObject({
  films: z.array(listedFilmSchema).describe('which film shots are of'),
  shots: z.array(listedShotSchema),
  transitions: z.array(fileTransitionSchema),
  pictures: z.array(
    z.strictObject({
      fileId: z.string(),
      activePicture: rectangleSchema,
      aspect: z
        .enum(aspects)
        .nullable()
        .describe('the known shape of screen that it has, pixels made square'),
    }),
  ),
  without: z
    .array(listedFilmSchema.extend({ reason: z.string().nullable() }))
    .describe(
      'films whose shots were not found; reason: why they could not be, null where nobody tried since it was added',
    ),
});

export const studyInputSchema = z.strictObject({
  file: idOrPath
    .optional()
    .describe('id or path of a catalogued file; without it: all whose shots were not yet looked at'),
});

/** What looking at more of the shots gave. `found`: shots with text, or with speech. */
export const studiedSchema = z.strictObject({
  files: z.array(z.strictObject({ id: z.string(), file: z.string(), shots: frame, found: frame })),
  known: z.int().min(0).describe('files of which it was known'),
  silent: z.array(z.string()).describe('ids of files without a sound track, of which nothing is claimed'),
  failed: z.array(z.strictObject({ id: z.string(), file: z.string(), code: z.string(), reason: z.string() })),
});

/** A share as it is told: to a tenth of a thousandth. */
export const share = (value: number): number => Math.round(value * 10_000) / 10_000;

export type Span = z.infer<typeof spanSchema>;
export type Transition = z.infer<typeof transitionSchema>;
export type FoundTransition = z.infer<typeof foundTransitionSchema>;
export type DetectorName = z.infer<typeof detectInputSchema>['detector'];
export type FileTransition = z.infer<typeof fileTransitionSchema>;
export type CameraFacts = z.infer<typeof cameraFactsSchema>;
export type ShotMark = (typeof shotMarks)[number];
export type ShotFacts = z.infer<typeof shotFactsSchema>;
export type Rectangle = z.infer<typeof rectangleSchema>;
export type FileFacts = z.infer<typeof fileFactsSchema>;
export type TextLine = z.infer<typeof textLineSchema>;
export type TextFacts = z.infer<typeof textFactsSchema>;
export type StudyInput = z.infer<typeof studyInputSchema>;
export type Studied = z.infer<typeof studiedSchema>;
export type Shot = z.infer<typeof shotSchema>;
export type FoundInFile = z.infer<typeof foundInFileSchema>;
export type Detected = z.infer<typeof detectedSchema>;
export type DetectInput = z.infer<typeof detectInputSchema>;
export type ListInput = z.infer<typeof listInputSchema>;
export type ListOutput = z.infer<typeof listOutputSchema>;
