import { expect, test } from 'vitest';
import type { Found } from './find-schema.ts';
import { foundWords } from './find-words.ts';
import { UNRELATED } from './print/distance.ts';
import { MEASURED, THRESHOLD } from './print/threshold.ts';

const said = (nearest: Found['nearest']): string => {
  const facts = { file: 'f.mp4', sha256: '0', seconds: 3, compared: 3, unprinted: [], measured: MEASURED };
  return foundWords({ ...facts, threshold: THRESHOLD, matches: [], nearest }).join(' ');
};

test('what comes nearest is named with its distance only where it has anything to do with the file', () => {
  expect(said({ take: 'tak_1', distance: 8.25 })).toContain('tak_1 at 8.25, over the limit of 6 grey levels');
  expect(said({ take: 'tak_1', distance: UNRELATED })).not.toContain('tak_1');
});
