import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { atLeast51, type Check } from './doctor.ts';

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

test('missing programs are reported with their remedies, not thrown', async () => {
  const script =
    'import("./setup/doctor.ts").then(async ({ doctor }) => console.log(JSON.stringify(await doctor())))';
  // A process of its own: the environment belongs to all tests of a worker.
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      ...process.env,
      BACKLOT_FFPROBE: '/nowhere/ffprobe',
      BACKLOT_PYTHON: '/nowhere/python',
      BACKLOT_DEVICE: 'tpu',
    },
  });
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  const named = (name: string) => checks.find((check) => check.name === name);
  expect(named('node')).toMatchObject({ ok: true, found: expect.stringContaining(process.versions.node) });
  expect(named('ffprobe')).toMatchObject({
    ok: false,
    found: expect.stringContaining('ENOENT'),
    remedy: expect.stringContaining('BACKLOT_FFPROBE'),
  });
  expect(named('device')).toMatchObject({ ok: false, found: 'tpu' });
  expect(named('torch')).toMatchObject({ ok: false, remedy: expect.stringContaining('./backlot') });
});
