import { expect, it } from 'vitest';
import type { ListOutput } from './schema.ts';
import { listInWords } from './words.ts';

const shot = (fileId: string, number: number, from: number, to: number): ListOutput['shots'][number] => ({
  ...{ id: `sht_${fileId}_${number}`, fileId, number, in: from, out: to, thumbnail: null },
  ...{ inTimecode: `00:00:0${from / 24}:00`, outTimecode: `00:00:0${to / 24}:00`, marks: [] },
  facts: { luma: 90, colour: [90, 90, 90], motion: 1, sharpness: 5 },
});

it('shots are listed under the name of their film, with what lies between them', () => {
  const words = listInWords({
    films: [
      { fileId: 'a', title: 'The Quay', reel: 1, path: '/films/quay.mp4' },
      { fileId: 'b', title: 'Rain', reel: 2, path: '/films/rain.mp4' },
    ],
    shots: [
      shot('a', 1, 0, 24),
      shot('a', 2, 24, 48),
      shot('a', 3, 72, 96),
      { ...shot('b', 1, 0, 24), marks: ['black'] },
    ],
    transitions: [
      { fileId: 'a', start: 23, end: 24, type: 'cut', confidence: 0.9 },
      { fileId: 'a', start: 48, end: 71, type: 'dissolve', confidence: 0.9 },
    ],
    pictures: [],
    without: [],
  });
  expect(words.split('\n')).toEqual([
    'The Quay, reel 1: 3 shots, /films/quay.mp4',
    '  sht_a_1  00:00:00:00 - 00:00:01:00  24 frames',
    '  sht_a_2  00:00:01:00 - 00:00:02:00  24 frames',
    '  dissolve, frames 48..71',
    '  sht_a_3  00:00:03:00 - 00:00:04:00  24 frames',
    'Rain, reel 2: 1 shots, /films/rain.mp4',
    '  sht_b_1  00:00:00:00 - 00:00:01:00  24 frames  black',
  ]);
});
