import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The clips that a model makes. */
export interface ClipShape {
  frames: number;
  width: number;
  height: number;
  /** Rational, `12/1`. */
  fps: string;
  /** Frames in a block of the codec; the first frame has a block of its own. */
  blockFrames: number;
}

/** Frames that Wan's autoencoder takes at a time after the first; it makes clips of any shape. */
export const OPEN_BLOCK_FRAMES = 4;

/** What the engine writes beside a model's codec. */
const codecSchema = z.object({
  frames: z.int(),
  width: z.int(),
  height: z.int(),
  fps: z.string(),
  block: z.tuple([z.int(), z.int(), z.int()]),
});

/** The shape of the clips that the model in `folder` makes. */
export async function clipShape(folder: string): Promise<ClipShape> {
  const text = await readFile(join(folder, 'codec', 'config.json'), 'utf8');
  const { block, ...shape } = codecSchema.parse(JSON.parse(text));
  return { ...shape, blockFrames: block[0] };
}
