import { z } from 'zod';
import { common, inputSchema, positive, sha256 } from './job-parts.ts';
import { loraSchema, modelShapeSchema, optimizerSchema, samplingSchema } from './job-recipe.ts';
import { detectJobSchema, hearSpeechJobSchema, readTextJobSchema } from './look-job.ts';

export { inputSchema } from './job-parts.ts';
export * from './job-recipe.ts';
export * from './look-job.ts';

/**
 * What TypeScript asks of the engine. `runs/<id>/job.json` holds one of these, complete: the engine has no
 * defaults. Paths are absolute; every input names the sha256 that its bytes must have.
 */

/** A frozen dataset: a folder holding `manifest.jsonl` (its sha256 is the digest) and the shards it names. */
export const datasetInputSchema = z.strictObject({ path: z.string().min(1), digest: sha256 });

const learning = {
  dataset: datasetInputSchema,
  subset: positive.nullable().describe('use only this many training clips, drawn by the seed'),
  method: z.enum(['scratch', 'full', 'lora']),
  base: inputSchema.describe('model folder: where training starts, or (scratch) whose codec is used'),
  shape: modelShapeSchema.nullable().describe('scratch only; otherwise the base decides'),
  lora: loraSchema.nullable(),
  knownWords: z
    .array(z.string().min(1))
    .nullable()
    .describe(
      "lora: the words of those rows of the word table that the base knows; a caption's other word in such a row learns in a row of its own. " +
        'null: they are not known, and such a word is not learned',
    ),
  prior: z
    .strictObject({
      worlds: inputSchema.describe("folder of clips of the base's own worlds, as latents of its codec"),
      share: z.number().gt(0).lt(1).describe('of each batch'),
    })
    .nullable()
    .describe('clips that keep what the base knows'),
  batch: positive.max(4096),
  processes: positive
    .max(64)
    .describe('share each step by even parts of the batch, and the threads; same number: same bytes'),
  optimizer: optimizerSchema,
  emaDecay: z.number().min(0).lt(1),
  captionDropout: z.number().min(0).max(1),
  givenShare: z
    .number()
    .min(0)
    .max(1)
    .describe('share of clips trained with some of their frames given: first, first and last, start or end'),
  shift: z.number().min(1).max(20).describe('timestep shift towards noise'),
  mirror: z
    .boolean()
    .describe(
      'learn each clip mirrored too, left and right exchanged in its caption, and marked as mirrored',
    ),
  precision: z.enum(['bf16', 'fp32']),
  latents: z
    .string()
    .min(1)
    .nullable()
    .describe("folder that keeps an open base's latents of clips for the next run; null: none are kept"),
};

export const trainJobSchema = z.strictObject({
  ...common,
  kind: z.literal('train'),
  ...learning,
  steps: positive,
  evalEvery: positive,
  checkpointEvery: positive,
  keepCheckpoints: positive,
  sample: z
    .strictObject({
      captions: sha256.describe('of captions.json in the run directory: a JSON list of what is drawn'),
      sampling: samplingSchema,
    })
    .nullable()
    .describe(
      'captions drawn as a sample sheet at each checkpoint; they lie beside the job, so that a withdrawal can remove them',
    ),
  resumeFrom: inputSchema.nullable(),
});

/** Times a few real steps, so that a wish in seconds becomes steps before `job.json` is written. */
export const preflightJobSchema = z.strictObject({
  ...common,
  kind: z.literal('preflight'),
  ...learning,
  keepCheckpoints: positive,
  timedSteps: positive,
});

export const fitCodecJobSchema = z.strictObject({
  ...common,
  kind: z.literal('fit-codec'),
  dataset: datasetInputSchema,
  block: z.tuple([positive, positive, positive]).describe('frames, rows, columns of a space-time block'),
  components: positive,
  samples: positive.describe('blocks drawn for the fit'),
  minScale: z.number().gt(0).lt(1).describe('smallest scale as a share of the largest'),
});

/** Encodes and decodes a dataset: the codec's PSNR per title. */
export const encodeJobSchema = z.strictObject({
  ...common,
  kind: z.literal('encode'),
  dataset: datasetInputSchema,
  base: inputSchema,
});

export const adapterUseSchema = z.strictObject({ ...inputSchema.shape, weight: z.number().min(-4).max(4) });

export const modeSchema = z
  .enum(['text', 'first', 'first-last', 'extend', 'precede', 'restyle'])
  .describe(
    'what is given beside words: nothing, a first picture, a first and a last, a video that the take goes on from, ' +
      'a video that it leads up to, or a video to draw anew',
  );

export const strengthSchema = z
  .number()
  .min(0)
  .max(1)
  .describe('restyle: how much of the video is drawn anew; 0 keeps it, 1 keeps nothing');

/**
 * What the engine needs of a brief, but for its words, which lie beside the job. What the checker expects of the take is not in here,
 * and never is.
 * Pictures and frames are raw uint8 height x width x RGB of the model's size, a video's at the model's rate.
 */
export const engineBriefSchema = z.strictObject({
  id: z.string().min(1),
  mode: modeSchema,
  first: inputSchema.nullable().describe('one picture'),
  last: inputSchema.nullable().describe('one picture'),
  video: inputSchema.nullable().describe('frames, one after the other'),
  strength: strengthSchema.nullable(),
  candidates: positive.max(1024),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});

/** The size of takes. */
export const takeSizeSchema = z.strictObject({
  frames: positive.max(257),
  height: positive.max(1080),
  width: positive.max(1920),
  fps: z.string().min(1).describe('rational, frames a second'),
});

export const generateJobSchema = z.strictObject({
  ...common,
  kind: z.literal('generate'),
  base: inputSchema,
  adapters: z.array(adapterUseSchema),
  briefs: z.array(engineBriefSchema).min(1),
  texts: sha256.describe(
    'of texts.json in the run directory: a JSON list of the words of each brief, in order, which a withdrawal can remove',
  ),
  size: takeSizeSchema
    .nullable()
    .describe('of takes by an open base; null: a base of the small family decides'),
  sampling: samplingSchema,
  batch: positive.max(1024),
  precision: z.enum(['bf16', 'fp32']),
});

export const keyStyleSchema = z
  .enum(['diffusers', 'comfyui'])
  .describe('whose names the tensors have: transformer.… or diffusion_model.…');

/** Writes an adapter as a file, one of an open base as one for each expert, with its alpha multiplied in, as other programs lose a separate alpha. */
export const exportAdapterJobSchema = z.strictObject({
  ...common,
  kind: z.literal('export-adapter'),
  base: inputSchema,
  adapter: inputSchema,
  style: keyStyleSchema,
});

/** Makes an adapter folder from a file that `export-adapter` wrote of a base of the small family, in either style. */
export const importAdapterJobSchema = z.strictObject({
  ...common,
  kind: z.literal('import-adapter'),
  base: inputSchema,
  file: inputSchema,
});

/** Says what each clip or take shows. `takes` is a JSONL file of `takeLineSchema`. */
export const checkJobSchema = z.strictObject({
  ...common,
  kind: z.literal('check'),
  checker: inputSchema,
  takes: inputSchema,
  training: datasetInputSchema.nullable().describe('clips that a take must not copy'),
});

/** Trains a checker on clips with known truth; only the bench asks for it. */
export const fitCheckerJobSchema = z.strictObject({
  ...common,
  kind: z.literal('fit-checker'),
  dataset: datasetInputSchema,
  truth: inputSchema.describe(
    'a JSONL line a clip; one without characters shows nobody, and nothing else is known',
  ),
  looks: z
    .array(z.string())
    .min(1)
    .describe(
      'attributes read from pictures, as the truth names them; the first answers nobody where nobody is',
    ),
  before: inputSchema
    .nullable()
    .describe('a checker to go on from, all but heads on looks that choose from other names'),
  rate: z.number().positive().max(1).describe('highest learning rate'),
  moveSteps: z.int().min(0).describe('steps of the network on movement, which is tiny; 0: it stays as it is'),
  steps: z.int().min(0).describe('steps of the network on looks; 0: it stays as it is'),
  batch: positive,
  places: z.boolean().describe('whether places are read by the colours of their bands too'),
});

/** Trains an upscaler on sharp rendered clips; only the bench asks for it. */
export const fitUpscalerJobSchema = z.strictObject({
  ...common,
  kind: z.literal('fit-upscaler'),
  dataset: datasetInputSchema.describe('clips as large and sharp as what it should make'),
  base: inputSchema.describe('model folder: takes come out of its codec'),
  factor: positive.max(8).describe('how much wider and higher a take gets'),
  width: positive.max(1024),
  blocks: positive.max(64),
  steps: positive,
  batch: positive,
});

/** Makes takes larger and crisp; the takes stay as they are. */
export const upscaleJobSchema = z.strictObject({
  ...common,
  kind: z.literal('upscale'),
  upscaler: inputSchema,
  takes: inputSchema.describe('a JSONL file of takes'),
  precision: z.enum(['bf16', 'fp32']),
});

export const jobSchema = z.discriminatedUnion('kind', [
  trainJobSchema,
  preflightJobSchema,
  fitCodecJobSchema,
  encodeJobSchema,
  generateJobSchema,
  exportAdapterJobSchema,
  importAdapterJobSchema,
  checkJobSchema,
  fitCheckerJobSchema,
  fitUpscalerJobSchema,
  upscaleJobSchema,
  detectJobSchema,
  readTextJobSchema,
  hearSpeechJobSchema,
]);

export type Job = z.infer<typeof jobSchema>;
export type JobKind = Job['kind'];
export type TrainJob = z.infer<typeof trainJobSchema>;
export type PreflightJob = z.infer<typeof preflightJobSchema>;
export type GenerateJob = z.infer<typeof generateJobSchema>;
export type CheckJob = z.infer<typeof checkJobSchema>;
export type EncodeJob = z.infer<typeof encodeJobSchema>;
export type Mode = z.infer<typeof modeSchema>;
export type EngineBrief = z.infer<typeof engineBriefSchema>;
export type JobInput = z.infer<typeof inputSchema>;
export type DatasetInput = z.infer<typeof datasetInputSchema>;
export type Sampling = z.infer<typeof samplingSchema>;
