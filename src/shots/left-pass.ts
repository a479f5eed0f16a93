import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, decodeFirst } from 'cborg';
import { z } from 'zod';
import { markSchema } from './grown-file.ts';
import { growthSchema, type PassState, standSchema, stateFrom } from './pass-state.ts';
import { pictureFile } from './stills.ts';

/** Of what a pass is, and by what: another goes on from it only where all is the same. */
const keySchema = z.strictObject({
  film: z.string().describe('sha256 of the bytes that were catalogued'),
  stamp: z.string().describe('sizes and times of change of its files when the pass began'),
  detector: z.string(),
  by: z.string().describe('hash of the code, of the version of ffmpeg and of what else decides'),
});
export type PassKey = z.infer<typeof keySchema>;

/** The same, its hash asked for only where something was left or is kept: that starts ffmpeg. */
export type AskedKey = Omit<PassKey, 'by'> & { by: () => Promise<string> };

const headSchema = z.strictObject({
  ...{ key: keySchema, stand: standSchema, grown: markSchema, doubts: markSchema.nullable() },
  seen: z.string().describe('sha256 of the frames that the detector held'),
});
export type Head = z.infer<typeof headSchema>;

/** What an earlier pass left in a folder. */
export interface Left {
  head: Head;
  state: PassState;
}

export const headFile = (folder: string): string => join(folder, 'pass');
export const grownFile = (folder: string): string => join(folder, 'pass.grown');
export const doubtFile = (folder: string): string => join(folder, 'doubts.u8');

/**
 * What was left, of whatever film and by whatever code; null where nothing was.
 * @throws what reading, decoding or the checks of shape throw
 */
export async function readLeft(folder: string, fps: number): Promise<Left | null> {
  const bytes = await readFile(headFile(folder)).catch(() => null);
  if (!bytes) return null;
  const head = headSchema.parse(decode(bytes));
  const grown = (await readFile(grownFile(folder))).subarray(0, head.grown.bytes);
  if (createHash('sha256').update(grown).digest('hex') !== head.grown.sha256) throw new Error('other bytes');
  const fileOf = (index: number) => pictureFile(folder, index);
  const state = stateFrom([...growthsIn(grown)], head.stand, { fps, fileOf });
  for (const { file } of state.stills.kept.pictures) {
    if ((await stat(file)).size === 0) throw new Error(`${file} is empty`);
  }
  return { head, state };
}

function* growthsIn(bytes: Uint8Array) {
  for (let rest = bytes; rest.length > 0; ) {
    const [one, more] = decodeFirst(rest) as [unknown, Uint8Array];
    yield growthSchema.parse(one);
    rest = more;
  }
}
