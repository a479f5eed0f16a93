import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';
import { tryParseRate } from '../media/rate.ts';

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

const count = z.int().positive();

/** What the engine writes beside a model's codec. */
const codecSchema = z.object({
  frames: count,
  width: count,
  height: count,
  fps: z.string().refine((text) => tryParseRate(text) !== null, 'expected a rate such as 12/1'),
  block: z.tuple([count, count, count]),
});

/**
 * The shape of the clips that the model in `folder` makes.
 * @throws BacklotError `base-mismatch` where its codec's config is missing or damaged, with each field that is wrong
 */
export async function clipShape(folder: string): Promise<ClipShape> {
  const path = join(folder, 'codec', 'config.json');
  const read = codecSchema.safeParse(await jsonAt(path), { reportInput: true });
  if (!read.success) throw damaged(path, wordsOfBadInput(read.error).replaceAll('\n', '; '));
  const { block, ...shape } = read.data;
  return { ...shape, blockFrames: block[0] };
}

async function jsonAt(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

const damaged = (where: string, found: string): BacklotError =>
  new BacklotError('base-mismatch', {
    expected: 'frames, width, height, fps and block of a codec',
    where,
    found,
    remedy: "Restore the model's folder as the run left it, or name another model.",
  });
