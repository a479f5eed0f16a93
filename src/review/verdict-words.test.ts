import { expect, it } from 'vitest';
import type { Operation } from '../jobs/index.ts';
import { operations } from './operations.ts';

const all = operations as readonly Operation[];
const show = all.find(({ name }) => name === 'review.verdicts')?.show;
const given = { take: 'tak_1', person: 'ann', verdict: 'usable', givenAt: '2026-11-28T00:15:46.890Z' };

it('verdicts are told in words, one a line, with the frame and note that somebody gave', () => {
  const verdicts = [
    { ...given, frame: 3, note: 'the hat flickers' },
    { ...given, verdict: 'not usable', frame: null, note: '' },
  ];
  expect(show?.({ verdicts })?.split('\n')).toEqual([
    'tak_1  usable  ann, 2026-11-28T00:15:46.890Z, frame 3: the hat flickers',
    'tak_1  not usable  ann, 2026-11-28T00:15:46.890Z',
  ]);
  expect(show?.({ verdicts: [] })).toContain('No verdict is given yet');
});
