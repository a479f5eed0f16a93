import { afterAll, beforeAll, expect, it } from 'vitest';
import { filmFolder } from './films.test-support.ts';
import { probe, runFfmpeg } from './index.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
beforeAll(async () => {
  films = await filmFolder();
});
afterAll(() => films.remove());

it('the bits of a colour are those of the pixel format, whatever its family, and of floats all', async () => {
  const cases = [
    ['a.png', 'rgb48be', 16],
    ['b.png', 'ya16be', 16],
    ['c.png', 'rgba64be', 16],
    ['d.png', 'rgb24', 8],
    ['e.exr', 'gbrpf32le', 32],
    ['f.nut', 'nv12', 8],
    ['g.nut', 'yuv420p10le', 10],
    ['h.nut', 'xyz12le', 12],
  ] as const;
  const found: Record<string, number | null | undefined> = {};
  for (const [name, format] of cases) {
    const source = ['-f', 'lavfi', '-i', 'color=red:s=16x16:d=0.04', '-frames:v', '1', '-pix_fmt', format];
    const codec = name.endsWith('.nut') ? ['-c:v', 'rawvideo'] : [];
    await runFfmpeg(['-v', 'error', ...source, ...codec, `file:${films.at(name)}`]);
    found[format] = (await probe(films.at(name))).video?.bitDepth;
  }
  expect(found).toEqual(Object.fromEntries(cases.map(([, format, bits]) => [format, bits])));
});

it('the bits of JPEG 2000 are those of its file, also where ffmpeg gives it as RGB of 16', async () => {
  const found: Record<string, unknown> = {};
  for (const [format, name] of [
    ['gbrp10le', 'a.jp2'],
    ['gbrp12le', 'b.jp2'],
    ['rgb48le', 'c.jp2'],
    ['yuv444p12le', 'd.jp2'],
  ] as const) {
    const source = ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=0.04', '-frames:v', '1', '-pix_fmt', format];
    await runFfmpeg(['-v', 'error', ...source, '-c:v', 'libopenjpeg', `file:${films.at(name)}`]);
    const { video } = await probe(films.at(name));
    found[format] = [video?.pixelFormat, video?.bitDepth];
  }
  expect(found).toEqual({
    gbrp10le: ['rgb48le', 10],
    gbrp12le: ['rgb48le', 12],
    rgb48le: ['rgb48le', 16],
    yuv444p12le: ['yuv444p12le', 12],
  });
});
