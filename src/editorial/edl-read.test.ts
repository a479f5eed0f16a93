import { expect, it } from 'vitest';
import { formatOf } from './index.ts';

it('a line of an edit list that looks like an event and is none makes the cut doubtful, and is quoted', () => {
  const edl = [
    'TITLE: three events, two of them whole',
    '001  REEL     V     C        01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00',
    '* FROM CLIP NAME: 002 at 01:00:01:00',
    '002  REEL     V     C        01:00:01:00 01:00:02:00 01:00:01:00 01:00:02:00',
    '003  REEL     V     C        01:00:02:00 01:00:03:00 01:00:02:00',
    'M2   REEL     024.0 01:00:02:00',
  ].join('\n');
  const read = formatOf('x.edl').read(edl, '24');
  expect(read.clips).toHaveLength(2);
  expect(read.covers).toEqual([
    '1 lines look like events and are not understood, the first: 003 REEL V C 01:00:02:00 01:00:03:00 01:00:02:00',
  ]);
});
