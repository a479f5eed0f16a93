import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pictureHead } from './picture-head.ts';

const chunk = (name: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(name, 'latin1'), data, Buffer.alloc(4)]);
};

/** The start of a PNG of 4 x 2 pixels: `chunks` before the pixels, `after` in them. */
function png(chunks: Record<string, Buffer>, after: Buffer = Buffer.alloc(0)): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(4, 0);
  size.writeUInt32BE(2, 4);
  const said = Object.entries({ IHDR: size, ...chunks }).map(([name, data]) => chunk(name, data));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...said, chunk('IDAT', after)]);
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt32BE(Math.round(value), 4 * i);
  return bytes;
};

/** An ICC profile with three colours and the curve of red, packed as a PNG holds it. */
function profile(colours: readonly number[][], curve?: Buffer): Buffer {
  const xyz = (values: number[]) =>
    Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), words(...values.map((value) => value * 65_536))]);
  const tags = colours.map((values, i) => [['rXYZ', 'gXYZ', 'bXYZ'][i] as string, xyz(values)] as const);
  const whole = profileOf([...tags, ...(curve ? [['rTRC', curve] as const] : [])]);
  return Buffer.concat([Buffer.from('A profile\0\0', 'latin1'), deflateSync(whole)]);
}

function profileOf(tags: readonly (readonly [name: string, bytes: Buffer])[]): Buffer {
  let at = 132 + 12 * tags.length;
  const table = tags.map(([name, { length }]) => {
    const row = Buffer.concat([Buffer.from(name, 'latin1'), words(at, length)]);
    at += length;
    return row;
  });
  const bytes = tags.map(([, data]) => data);
  return Buffer.concat([Buffer.alloc(128), words(tags.length), ...table, ...bytes]);
}

const problemOf = (chunks: Record<string, Buffer>, after?: Buffer) =>
  pictureHead(png(chunks, after))?.problem;

it('bytes of the pixels say nothing of their colours, whatever word they happen to spell', () => {
  const spelt = Buffer.concat([Buffer.alloc(40, 7), Buffer.from('cICP'), Buffer.from([9, 16, 0, 1])]);
  expect(problemOf({}, spelt)).toBeNull();
  expect(problemOf({ tEXt: Buffer.from('Comment\0cICP \t\x10') })).toBeNull();
});

it('linear light is refused, by its curve or its code', () => {
  expect(problemOf({ gAMA: words(100_000) })).toContain('linear light');
  expect(problemOf({ cICP: Buffer.from([1, 8, 0, 1]) })).toContain('linear light');
  expect(problemOf({ gAMA: words(45_455) })).toBeNull();
});

it('other primaries are refused, by their places or by a profile; those of sRGB are not', () => {
  const p3 = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06].map((value) => value * 1e5);
  const own = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06].map((value) => value * 1e5);
  expect(problemOf({ cHRM: words(...p3) })).toContain('other primaries');
  expect(problemOf({ cHRM: words(...own), gAMA: words(45_455) })).toBeNull();
  const adobe = [
    [0.6097, 0.3111, 0.0195],
    [0.2053, 0.6257, 0.0609],
    [0.1492, 0.0632, 0.7446],
  ];
  const sRgb = [
    [0.4361, 0.2225, 0.0139],
    [0.3851, 0.7169, 0.0971],
    [0.1431, 0.0606, 0.7141],
  ];
  expect(problemOf({ iCCP: profile(adobe) })).toContain('other primaries');
  expect(problemOf({ iCCP: profile(sRgb) })).toBeNull();
});

it('standard-definition film is shown as its video is: its primaries are near enough', () => {
  const pal = [0.3127, 0.329, 0.64, 0.33, 0.29, 0.6, 0.15, 0.06].map((value) => value * 1e5);
  const ntsc = [0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07].map((value) => value * 1e5);
  for (const primaries of [pal, ntsc]) expect(problemOf({ cHRM: words(...primaries) })).toBeNull();
  for (const code of [5, 6, 7]) expect(problemOf({ cICP: Buffer.from([code, 6, 0, 1]) })).toBeNull();
  expect(problemOf({ cICP: Buffer.from([9, 14, 0, 1]) })).toContain('other primaries');
});

const half = (...values: number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));

it("a profile of linear light is refused, however its curve says so; one with a screen's is not", () => {
  const curve = (kind: string, ...rest: Buffer[]) =>
    Buffer.concat([Buffer.from(`${kind}\0\0\0\0`, 'latin1'), ...rest, Buffer.alloc(4)]);
  const linear = [
    curve('curv', words(0)),
    curve('curv', words(1), half(256)),
    curve('curv', words(3), half(0, 32_768, 65_535)),
    curve('para', half(0, 0), words(65_536)),
  ];
  for (const one of linear) expect(problemOf({ iCCP: profile([], one) })).toContain('linear light');
  const own = [
    curve('curv', words(1), half(563)),
    curve('curv', words(3), half(0, 14_000, 65_535)),
    curve('para', half(3, 0), words(2.4 * 65_536)),
    Buffer.from('curv'),
  ];
  for (const one of own) expect(problemOf({ iCCP: profile([], one) })).toBeNull();
});

it('a profile that unpacks to more than any is says nothing, and is not unpacked', () => {
  const linear = Buffer.concat([Buffer.from('curv'), words(0, 0)]);
  const huge = Buffer.concat([
    Buffer.from('x\0\0', 'latin1'),
    deflateSync(Buffer.concat([profileOf([['rTRC', linear]]), Buffer.alloc(8 << 20)])),
  ]);
  expect(problemOf({ iCCP: huge })).toBeNull();
});

it('of several words the first in rank counts, and a profile that cannot be read says nothing', () => {
  const p3 = words(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
  expect(problemOf({ sRGB: Buffer.from([0]), gAMA: words(100_000), cHRM: p3 })).toBeNull();
  expect(problemOf({ cICP: Buffer.from([1, 13, 0, 1]), cHRM: p3 })).toBeNull();
  expect(problemOf({ iCCP: Buffer.from('torn\0\0not packed') })).toBeNull();
  expect(pictureHead(png({}))).toMatchObject({ width: 4, height: 2, light: 'display' });
});
