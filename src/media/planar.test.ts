import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeFrames, decodeStills, type PictureFacts, pngOf, probe, rgbOf, weightsOf } from './index.ts';
import { runFfmpeg } from './run.ts';

const size = { width: 40, height: 20 };
const film = { width: 160, height: 80 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-planar-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Soft colours, of which neighbours hardly differ. */
const picture = Uint8Array.from({ length: 3 * film.width * film.height }, (_, i) => {
  const [x, y, channel] = [Math.floor(i / 3) % film.width, Math.floor(i / 3 / film.width), i % 3];
  return [80 + x / 2, 200 - x / 2, 60 + y][channel] as number;
});

/** A film of one picture; its still as RGB beside the same frame as ffmpeg makes RGB of it, by the largest mean difference of a channel. */
async function off(name: string, options: readonly string[], told: Partial<PictureFacts> = {}) {
  const path = join(folder, name);
  const png = await pngOf(picture, film.width, film.height);
  const input = ['-v', 'error', '-f', 'png_pipe', '-i', 'pipe:0', '-frames:v', '1'];
  await runFfmpeg([...input, ...options, path], { stdin: [png] });
  const video = { ...((await probe(path)).video as PictureFacts), ...told };
  let [still, frame] = [Buffer.alloc(0), Buffer.alloc(0)];
  await decodeStills(path, { ...size, video, only: [0] }, (one) => {
    still = Buffer.from(one.picture);
  });
  const asked = { ...size, video, pixelFormat: 'rgb24' as const };
  await decodeFrames(path, asked, (_, bytes) => {
    frame = Buffer.from(bytes);
  });
  const rgb = rgbOf(still, size, weightsOf(video));
  const sums = [0, 0, 0];
  rgb.forEach((level, i) => {
    sums[i % 3] = (sums[i % 3] as number) + level - (frame[i] as number);
  });
  return Math.max(...sums.map((sum) => Math.abs(sum) / (size.width * size.height)));
}

const h264 = ['-c:v', 'libx264', '-qp', '4', '-pix_fmt'];

it('a still has the colours of its frame, whatever matrix and range the film is coded in', async () => {
  const matrix = (name: string) => ['-vf', `scale=out_color_matrix=${name}`, '-colorspace', name];
  expect(await off('plain.mp4', [...h264, 'yuv420p'])).toBeLessThan(1);
  expect(await off('709.mp4', [...h264, 'yuv420p', ...matrix('bt709')])).toBeLessThan(1);
  expect(await off('full.mp4', [...h264, 'yuvj420p'])).toBeLessThan(1);
  expect(await off('deep.mp4', [...h264, 'yuv422p10le'])).toBeLessThan(1);
  expect(await off('rgb.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'gbrp'])).toBeLessThan(1);
  expect(await off('alpha.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb'])).toBeLessThan(1);
}, 60_000);

it('a palette has its colours, too', async () => {
  const even = ['-vf', 'drawbox=t=fill:color=0xA75342', '-pix_fmt', 'pal8'];
  expect(await off('palette.png', even, { height: 720, colorMatrix: null })).toBeLessThan(2);
}, 60_000);
