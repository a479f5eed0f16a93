import { describe, expect, it } from 'vitest';
import { marksOf } from './marks.ts';
import type { ShotFacts } from './schema.ts';

const lively: ShotFacts = {
  ...{ luma: 90, colour: [90, 90, 90], contrast: 40, motion: 3, sharpness: 8, blur: 0.4 },
  text: { frames: 3, share: 0, covered: 0, lines: [], names: [] },
};
const credits = { frames: 3, share: 1, covered: 0.05, lines: [], names: ['Ada Okafor'] };

describe('a shot is marked as', () => {
  it.each([
    ['nothing where it shows a picture that moves', {}, []],
    ['black and frozen', { luma: 0.1, contrast: 0.2, motion: 0 }, ['black', 'frozen']],
    ['flat where it shows one colour', { luma: 120, contrast: 1, motion: 0.2 }, ['flat']],
    [
      'frozen where a card of dim letters stands on black',
      { luma: 0.7, contrast: 3.7, motion: 0.02 },
      ['frozen'],
    ],
    ['blurred', { blur: 0.7 }, ['blurred']],
    ['credits and text throughout', { text: credits }, ['credits', 'burnt_in_text']],
    [
      'text throughout, which two of three frames show',
      { text: { ...credits, share: 0.667, names: [] } },
      ['burnt_in_text'],
    ],
    ['nothing for a sign in passing', { text: { ...credits, share: 0.333, names: [] } }, []],
    ['nothing for a sign far away', { text: { ...credits, covered: 0.002, names: [] } }, []],
    ['nothing that was not measured', { luma: 0, contrast: undefined, blur: undefined, text: undefined }, []],
  ] as [string, Partial<ShotFacts>, string[]][])('%s', (_, facts, marks) => {
    expect(marksOf({ ...lively, ...facts })).toEqual(marks);
  });
});
