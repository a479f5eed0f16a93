import { afterAll, beforeAll, expect, it } from 'vitest';
import { filmFolder } from './films.test-support.ts';
import { decodeFrames, isLightUntold, probe, runFfmpeg } from './index.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
beforeAll(async () => {
  films = await filmFolder();
});
afterAll(() => films.remove());

/** Linear light of BT.709 in the primaries of BT.2020 (ITU-R BT.2087). */
const toBt2020 = [
  [0.6274, 0.3293, 0.0433],
  [0.0691, 0.9195, 0.0114],
  [0.0164, 0.088, 0.8956],
] as const;

/** What a common screen makes of both (ITU-R BT.1886), and its inverse. */
const lightOf = (code: number) => code ** 2.4;
const coded = (light: number) => light ** (1 / 2.4);

/** A colour of BT.709, 0..255, as a film of BT.2020 codes it. */
function inBt2020(colour: readonly number[]): number[] {
  const light = colour.map((value) => lightOf(value / 255));
  return toBt2020.map((row) =>
    Math.round(255 * coded(row.reduce((sum, part, i) => sum + part * (light[i] ?? 0), 0))),
  );
}

/** Two frames of one colour, tagged. */
async function film(
  name: string,
  colour: readonly number[],
  format: string,
  tags: readonly string[],
): Promise<string> {
  const hex = colour.map((value) => value.toString(16).padStart(2, '0')).join('');
  const yuv = format.startsWith('yuv') ? 'scale=out_color_matrix=bt2020:out_range=tv,' : '';
  const source = `color=0x${hex}:s=32x16:r=24,trim=end_frame=2,format=gbrp,${yuv}format=${format}`;
  const codec = ['-c:v', 'ffv1', ...tags];
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, ...codec, '-y', `file:${films.at(name)}`]);
  return films.at(name);
}

async function shown(path: string): Promise<number[]> {
  const pixels: number[][] = [];
  const look = { width: 8, height: 8, pixelFormat: 'rgb24', toneMap: true } as const;
  await decodeFrames(path, look, (_, bytes) => void pixels.push([...bytes.subarray(96, 99)]));
  return pixels[0] ?? [];
}

const primaries = ['-color_primaries', 'bt2020'];
const wide = [...primaries, '-color_trc', 'bt709', '-colorspace', 'bt2020nc'];
const worst = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((x, i) => Math.abs(x - (b[i] ?? 0))));

it.each([
  ['a face', [200, 140, 110]],
  ['grass', [70, 130, 40]],
])('a film of BT.2020 that is not HDR shows %s as it was', async (name, colour) => {
  const codes = inBt2020(colour);
  const path = await film(`${name}.mkv`, codes, 'yuv444p10le', wide);
  expect(worst(await shown(path), colour)).toBeLessThan(4);
  expect(worst(codes, colour)).toBeGreaterThan(12);
});

it('the same holds where it is stored as RGB, or where only its matrix tells', async () => {
  const colour = [200, 140, 110];
  const rgb = await film('rgb.mkv', inBt2020(colour), 'gbrp', [...primaries, '-color_trc', 'bt709']);
  expect(worst(await shown(rgb), colour)).toBeLessThan(4);
  const matrix = ['-color_trc', 'bt2020-10', '-colorspace', 'bt2020nc'];
  const untold = await film('matrix.mkv', inBt2020(colour), 'yuv444p10le', matrix);
  expect(worst(await shown(untold), colour)).toBeLessThan(4);
});

it('without a curve nobody knows whether it is HDR', async () => {
  const untold = [...primaries, '-colorspace', 'bt2020nc'];
  const said = async (name: string, tags: string[]) =>
    isLightUntold((await probe(await film(name, [90, 90, 90], 'yuv444p10le', tags))).video as never);
  expect(await said('curve.mkv', untold)).toBe(true);
  expect(await said('told-curve.mkv', wide)).toBe(false);
  expect(await said('pq.mkv', [...untold, '-color_trc', 'smpte2084'])).toBe(false);
});

it('HDR of which nothing but the curve is said is tone-mapped as BT.2020', async () => {
  const codes = [150, 150, 150];
  const said = ['-color_trc', 'smpte2084'];
  const bare = await shown(await film('bare.mkv', codes, 'yuv444p10le', said));
  const tags = [...said, ...primaries, '-colorspace', 'bt2020nc'];
  expect(bare).toEqual(await shown(await film('told.mkv', codes, 'yuv444p10le', tags)));
});
