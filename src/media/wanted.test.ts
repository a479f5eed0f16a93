import { expect, it } from 'vitest';
import { runFfmpeg } from './run.ts';
import { passesOf, selectFilter } from './wanted.ts';

const many = Array.from({ length: 7000 }, (_, i) => 1_000_000 + i * 41);

it('many single frames are split into passes that lose none', () => {
  const passes = passesOf({ only: many });
  expect(passes.map(({ only }) => only?.length)).toEqual([3000, 3000, 1000]);
  expect(passes.flatMap(({ only }) => only)).toEqual(many);
});

it('ffmpeg takes the filter of the fullest pass', async () => {
  const [filter = ''] = selectFilter(passesOf({ only: many })[0] ?? {});
  expect(Buffer.byteLength(filter)).toBeLessThan(128 * 1024);
  await runFfmpeg([
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'color=s=16x16:d=0.1',
    '-vf',
    filter,
    '-f',
    'null',
    '-',
  ]);
});
