import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { clipLineSchema, type DatasetInput, type GenerateJob, type JobInput } from '../contract/index.ts';
import { isOpenBase } from './base.ts';
import { jsonAs, jsonIn } from './json.ts';

/** Frames, rows and columns of a clip. */
export type ClipSize = Pick<NonNullable<GenerateJob['size']>, 'frames' | 'height' | 'width'>;

/** A size, or how it is found where it is asked for. */
export type SizeOf = ClipSize | null | (() => Promise<ClipSize | null>);

/** The shift of the size that a family is known at. */
interface Known {
  tokens: number;
  shift: number;
}

/** The shipped base's clips, 17 x 64 x 96: it and all that was measured with it were made at 3 (docs/LOG.md). */
const SMALL: Known = { tokens: 120, shift: 3 };
/** 81 frames of 480 x 832: 3 is diffusers' default for Wan there, and 5 what it names for 720p; nothing was measured here. */
const WAN: Known = { tokens: 32_760, shift: 3 };
/** The contract's bounds: no shift below 1, towards the clip, is asked for. */
const BOUNDS = { least: 1, most: 20 };

const count = z.int().positive();
const codecSchema = z.object({
  frames: count,
  height: count,
  width: count,
  block: z.tuple([count, count, count]),
});
const clipSchema = clipLineSchema
  .pick({ frames: true, height: true, width: true })
  .extend({ fps: z.string().optional() })
  .strip();
const patchSchema = z.object({ patch_size: z.tuple([count, count, count]) });
const vaeSchema = z.object({
  scale_factor_temporal: count.default(4),
  scale_factor_spatial: count.default(8),
});

/**
 * How far times of noise are moved for clips of this many tokens: by the root of how many more there are than where the
 * shift is known (Esser et al. 2024, "Scaling rectified flow transformers", section 5.3.2), as more tokens that show the same need more noise to hide it.
 */
export function shiftFor(tokens: number, known: Known): number {
  const shift = known.shift * Math.sqrt(tokens / known.tokens);
  return Math.min(BOUNDS.most, Math.max(BOUNDS.least, shift));
}

/** The shift for a base's clips. `size`: of an open base's, which has none of its own. */
export async function shiftOf(base: Pick<JobInput, 'path'>, size: SizeOf): Promise<number> {
  if (!(await isOpenBase(base))) return shiftFor((await smallTokens(base)) ?? SMALL.tokens, SMALL);
  const found = typeof size === 'function' ? await size() : size;
  return shiftFor((found && (await openTokens(base, found))) ?? WAN.tokens, WAN);
}

/** The size of a dataset's clips, which all have one. */
export const sizeIn = (dataset: DatasetInput): SizeOf => {
  return async () => firstClip(dataset);
};

/** Size and rate of a dataset's first clip. Null where none can be read: the engine refuses it by name. */
export async function firstClip({ path }: DatasetInput): Promise<z.infer<typeof clipSchema> | null> {
  const file = await open(join(path, 'manifest.jsonl')).catch(() => null);
  if (!file) return null;
  for await (const line of file.readLines()) return jsonAs(line, clipSchema);
  return null;
}

/** Null where the folder says nothing: the engine refuses it by name. */
async function smallTokens({ path }: Pick<JobInput, 'path'>): Promise<number | null> {
  const codec = await jsonIn(join(path, 'codec', 'config.json'), codecSchema);
  return codec && tokens(codec, codec.block);
}

async function openTokens({ path }: Pick<JobInput, 'path'>, size: ClipSize): Promise<number | null> {
  const vae = await jsonIn(join(path, 'vae', 'config.json'), vaeSchema);
  const patch = (await jsonIn(join(path, 'transformer', 'config.json'), patchSchema))?.patch_size;
  if (!vae || !patch) return null;
  const { scale_factor_temporal: times, scale_factor_spatial: places } = vae;
  return tokens(size, [times * patch[0], places * patch[1], places * patch[2]]);
}

/** The first frame has a time of its own. */
const tokens = (
  { frames, height, width }: ClipSize,
  [times, rows, columns]: [number, number, number],
): number => (1 + Math.floor((frames - 1) / times)) * Math.floor(height / rows) * Math.floor(width / columns);
