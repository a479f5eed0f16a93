import { describe, expect, it } from 'vitest';
import { keyOf, namesIn, tokens } from './index-rows.ts';

describe('words by which shots are found', () => {
  it('are the same however they are written', () => {
    for (const [one, other] of [
      ['Straße', 'STRASSE'],
      ['Œuvre', 'oeuvre'],
      ['Łódź', 'LODZ'],
      ['Éva', 'Eva'],
      ['Brin\u00adka', 'brin\u200bka'],
    ] as const)
      expect(keyOf(one)).toBe(keyOf(other));
    expect(namesIn('Frau Weiß, FRAU WEISS and Ann Lee')).toEqual(['FRAU WEISS', 'Ann Lee']);
  });

  it('are none where nothing can be looked for', () => {
    expect(tokens(' \u200b?! ')).toEqual([]);
    expect(keyOf('?!')).toBe('?!');
  });
});
