import { expect, it } from 'vitest';
import { sheetCaptions } from './sheet.ts';

const clip = (caption: string, split = 'train') => ({ caption, split });

it('a sample sheet shows what was asked for', () => {
  expect(sheetCaptions(['a fox', ''], [clip('a boat')])).toEqual(['a fox', '']);
});

it('where nothing was asked for, it shows what held-out clips say, each caption once', () => {
  const clips = [clip('a'), clip('b', 'heldout'), clip('b', 'heldout'), clip(' ', 'heldout'), clip('c')];
  expect(sheetCaptions([], clips)).toEqual(['b', 'a']);
});

it('clips that say nothing give a sheet without words, not none', () => {
  expect(sheetCaptions([], [clip(''), clip('  ', 'heldout')])).toEqual(['']);
  expect(sheetCaptions([], [])).toEqual(['']);
});
