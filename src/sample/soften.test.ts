import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeFrames, runFfmpeg } from '../media/index.ts';
import { CLIP, planClip, renderClip } from './clips.ts';
import { soften } from './soften.ts';

const { width, height } = CLIP;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-soften-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A single frame as a lossless film. */
async function filmOf(frame: Buffer): Promise<string> {
  const [raw, film] = [join(folder, 'frame.rgb'), join(folder, 'frame.mkv')];
  await writeFile(raw, frame);
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', `file:${raw}`];
  await runFfmpeg(['-v', 'error', ...input, '-c:v', 'ffv1', '-pix_fmt', 'gbrp', '-y', `file:${film}`]);
  return film;
}

test('clips that are drawn are as soft as clips that the dataset step cuts from film', async () => {
  const frame = renderClip(planClip('title:moppet-tide', 1, 3, 0)).subarray(0, width * height * 3);
  const drawn = Buffer.from(frame);
  soften(drawn, width, height, 1);
  let cut: Uint8Array = Buffer.alloc(0);
  const decode = { width, height, pixelFormat: 'rgb24', soften: 1 } as const;
  await decodeFrames(await filmOf(frame), decode, (_, bytes) => {
    cut = bytes;
  });
  const apart = drawn.map((value, i) => Math.abs(value - (cut[i] as number)));
  expect(Math.max(...drawn.map((value, i) => Math.abs(value - (frame[i] as number))))).toBeGreaterThan(15);
  expect(apart.reduce((a, b) => a + b, 0) / apart.length).toBeLessThan(1);
});

test('what has one colour keeps it up to the edges', () => {
  const flat = Buffer.alloc(width * height * 3, 117);
  soften(flat, width, height, 2);
  expect(new Set(flat)).toEqual(new Set([117]));
});
