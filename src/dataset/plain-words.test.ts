import { describe, expect, it } from 'vitest';
import { plainWords } from './plain-words.ts';

const rabbit = 'A rabbit in a meadow.';

describe('what a model answers', () => {
  it.each([
    ['<think>It has\nlong ears.</think>\n\nA rabbit in a meadow.'],
    ['<THINKING >Ears</thinking>A rabbit in a <think>which?</think>meadow.'],
    ['It has long ears.\n</think>\nA rabbit in a meadow.'],
    ['**A rabbit** in a *meadow*.'],
    ['__A rabbit__ in a _meadow_.'],
    ['"A rabbit in a meadow."'],
    ['“A rabbit in a meadow.”'],
    ['**"A rabbit in a meadow."**'],
    ['```text\nA rabbit in a meadow.\n```'],
    ['# A `rabbit`\n> in a meadow.'],
    ['- A rabbit\n- in a meadow.'],
  ])('is told without reasoning and markup: %j', (content) => {
    expect(plainWords(content)).toEqual({ caption: rabbit, cleaned: true });
  });

  it.each([
    ['A rabbit  in a\nmeadow.', rabbit],
    ['A sign reads "2 * 3 * 4" and "file_name_1".', 'A sign reads "2 * 3 * 4" and "file_name_1".'],
    [
      '"Open" stands over one door, over the other "Shut"',
      '"Open" stands over one door, over the other "Shut"',
    ],
    ['A 4*4 grid beside a 2*2 one, in M*A*S*H', 'A 4*4 grid beside a 2*2 one, in M*A*S*H'],
    ["The dogs' bowl is 'empty'", "The dogs' bowl is 'empty'"],
    ['A man of 40-50 years - he waits', 'A man of 40-50 years - he waits'],
  ])('keeps its words: %j', (content, caption) => {
    expect(plainWords(content)).toEqual({ caption, cleaned: false });
  });

  it.each(['""', '**', '“ ”'])('is empty where no word is in it: %j', (content) => {
    expect(plainWords(content)?.caption).toBe('');
  });

  it('is none where its reasoning does not end', () => {
    expect(plainWords('<think>It has long ears, so')).toBeNull();
    expect(plainWords('A rabbit. <think>Or')).toBeNull();
  });
});
