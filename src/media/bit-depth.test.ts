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
