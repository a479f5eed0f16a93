import { expect, test } from 'vitest';
import { atLeast51, doctor } from './doctor.ts';

const version = (codec: string) =>
  `ffmpeg version N-1 Copyright\nlibavutil 57. 28.100\nlibavcodec     ${codec}\n`;

test.each([
  ['59. 37.100 / 59. 37.100', true],
  ['60.  3.100 / 60.  3.100', true],
  ['59. 18.100 / 59. 18.100', false],
  ['58. 91.100 / 58. 91.100', false],
])('a build with libavcodec %s is FFmpeg 5.1 or newer: %s', (codec, expected) => {
  expect(atLeast51(version(codec))).toBe(expected);
});

test('output without a codec version counts as too old', () => {
  expect(atLeast51('command not found')).toBe(false);
});

test('a missing program is reported with its remedy, not thrown', async () => {
  const before = process.env.BACKLOT_FFPROBE;
  process.env.BACKLOT_FFPROBE = '/nowhere/ffprobe';
  try {
    const { checks } = await doctor();
    expect(checks.find(({ name }) => name === 'ffprobe')).toMatchObject({
      ok: false,
      found: expect.stringContaining('ENOENT'),
      remedy: expect.stringContaining('BACKLOT_FFPROBE'),
    });
    expect(checks.find(({ name }) => name === 'node')).toMatchObject({ ok: true });
  } finally {
    if (before === undefined) delete process.env.BACKLOT_FFPROBE;
    else process.env.BACKLOT_FFPROBE = before;
  }
});
