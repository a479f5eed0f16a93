import { expect, test } from 'vitest';
import type { Found, FoundTake } from './find-schema.ts';
import { foundWords } from './find-words.ts';
import { UNRELATED } from './print/distance.ts';
import { STILLS, VIDEOS } from './print/threshold.ts';

const match = (take: string, from: number): FoundTake => ({
  ...{ take, brief: 'b1', text: 'Pip walks', seed: 5, madeAt: '2026-11-25T00:00:00.000Z', distance: 2, from },
  ...{ seconds: 1.5, moment: null, cropped: { left: 0, right: 0, top: 0, bottom: 0 } },
  ...{ recordDigest: null, signedSha256: null, withdrawn: [] },
});

const said = (matches: FoundTake[], nearest: Found['nearest'] = null): string => {
  const facts = { file: 'f.mp4', sha256: '0', still: false, seconds: 3, compared: 3, unprinted: [] };
  return foundWords({ ...facts, ...VIDEOS, matches, nearest }).join(' ');
};

test('of takes that a picture may be of it is said that it is of one of them, and how sure that is', () => {
  const facts = { file: 'f.png', sha256: '0', still: true, seconds: 0, compared: 3, unprinted: [] };
  const seen = (take: string) => ({ ...match(take, 0), seconds: 0, moment: 0.5 });
  const words = (matches: FoundTake[]) =>
    foundWords({ ...facts, ...STILLS, matches, nearest: null }).join(' ');
  expect(words([seen('tak_1'), seen('tak_2')])).toMatch(
    /^A picture of take tak_1 .*about second 0\.50 of it.* A picture of take tak_2 .*one of these, most likely of the first/,
  );
  expect(words([seen('tak_1')])).not.toContain('one of these');
  expect(words([seen('tak_1')])).toMatch(/with takes of other briefs .* with other takes of their brief/);
  expect(words([])).toContain('a picture of none of the 3 takes');
});

test('where two takes are as near as copies are in one part of a file, it is said that it is a copy of one of them', () => {
  expect(said([match('tak_1', 0), match('tak_2', 0.25)])).toContain(
    'Take tak_2 is about as like a part of the file as a nearer one',
  );
});

test('takes that follow one another in a file are each called a copy, without that doubt', () => {
  const words = said([match('tak_1', 0), match('tak_2', 1.5)]);
  expect(words).toMatch(/A copy of take tak_1 .* A copy of take tak_2/);
  expect(words).not.toContain('as a nearer one');
});

test('what comes nearest is named with its distance only where it has anything to do with the file', () => {
  expect(said([], { take: 'tak_1', distance: 8.25 })).toContain(
    'tak_1 at 8.25, over the limit of 6 grey levels',
  );
  expect(said([], { take: 'tak_1', distance: UNRELATED })).not.toContain('tak_1');
});
