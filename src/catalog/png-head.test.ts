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

/** An ICC profile with three colours, packed as a PNG holds it. */
function profile(colours: readonly number[][]): Buffer {
  const tags = colours.map((xyz, i) => ({ name: ['rXYZ', 'gXYZ', 'bXYZ'][i] as string, xyz }));
  const head = Buffer.alloc(128);
  const table = tags.map(({ name }, i) =>
    Buffer.concat([Buffer.from(name, 'latin1'), words(132 + 36 + 20 * i, 20)]),
  );
  const values = tags.map(({ xyz }) =>
    Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), words(...xyz.map((value) => value * 65_536))]),
  );
  const whole = Buffer.concat([head, words(3), ...table, ...values]);
  return Buffer.concat([Buffer.from('A profile\0\0', 'latin1'), deflateSync(whole)]);
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

it('of several words the first in rank counts, and a profile that cannot be read says nothing', () => {
  const p3 = words(31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000);
  expect(problemOf({ sRGB: Buffer.from([0]), gAMA: words(100_000), cHRM: p3 })).toBeNull();
  expect(problemOf({ cICP: Buffer.from([1, 13, 0, 1]), cHRM: p3 })).toBeNull();
  expect(problemOf({ iCCP: Buffer.from('torn\0\0not packed') })).toBeNull();
  expect(pictureHead(png({}))).toMatchObject({ width: 4, height: 2, light: 'display' });
});
