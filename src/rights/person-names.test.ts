import { describe, expect, test } from 'vitest';
import { type Nameable, nameFinder, namesOf } from './person-names.ts';

const parties: Nameable[] = [
  { id: 'nia', name: 'Nia Okafor', aliases: ['Sister Moon'] },
  { id: 'rene', name: 'René O’Brien-Łach' },
  { id: 'ren', name: 'Ren' },
  { id: 'comma', name: 'Brandt, Ada' },
  { id: 'yamada', name: '山田太郎' },
  { id: 'nia-2', name: 'NIA OKAFOR' },
  { id: 'soren', name: 'Søren Müller' },
  { id: 'cruz', name: 'Ada de la Cruz' },
  { id: 'holm', name: 'J. R. R. Holm' },
  { id: 'rose', name: 'Anna Rose' },
];
const find = nameFinder(parties);
const whom = (text: string) => find(text).map(({ party }) => party);

describe('a text names', () => {
  test.each([
    ['Nia Okafor walks along the quay', ['nia', 'nia-2']],
    ['close on NIA  OKAFOR’S hands', ['nia', 'nia-2']],
    ['nia-okafor; night', ['nia', 'nia-2']],
    ['n\u00adia oka\u200bfor, hidden', ['nia', 'nia-2']],
    ['as Sister Moon she sings', ['nia']],
    ["rene o'brien łach at the door", ['rene']],
    ['Rene\u0301 O’Brien Łach at the door', ['rene']],
    ['ren, alone', ['ren']],
    ['Ada Brandt and Brandt, Ada', ['comma']],
    ['夜、山田太郎が歩く', ['yamada']],
  ])('whom the ledger calls so, wholly and in whatever case: %s', (text, expected) => {
    expect(whom(text)).toEqual(expected);
  });

  test.each([
    ['Okafor, Nia; night', ['nia', 'nia-2']],
    ['OKAFOR NIA', ['nia', 'nia-2']],
    ['N. Okafor at the quay', ['nia', 'nia-2']],
    ['Okafor, N., at the quay', ['nia', 'nia-2']],
    ['Nia B. Okafor', ['nia', 'nia-2']],
    ['Rene OBrien Lach at the door', ['rene']],
    ['Soren Mueller and Søren Müller', ['soren']],
    ['Soeren Mueller', ['soren']],
    ['A. de la Cruz; night', ['cruz']],
    ['J.R.R. Holm', ['holm']],
    ['JRR Holm', ['holm']],
    ['J. Holm', ['holm']],
    ['Anna K. Rose', ['rose']],
    ['A. Rose waits', ['rose']],
  ])('whom the ledger calls otherwise: turned, by initials, with other letters: %s', (text, expected) => {
    expect(whom(text)).toEqual(expected);
  });

  test.each([
    'Nia walks along the quay',
    'Okafor, the sea',
    'Nia and Okafor',
    'warren and children, a brentano',
    'a moon over the sister ship',
    '山田 walks',
    'a rose in a vase',
    'vitamin a. The rose',
    'n Okafor',
    'Holm, at 3. Okafor',
    'R. Holm',
    'the cruz',
    '',
  ])('nobody by a part of a name or within a word: %s', (text) => {
    expect(whom(text)).toEqual([]);
  });

  test('nobody by a name that holds no letter', () => {
    expect(namesOf({ name: '***' })).toEqual([]);
    expect(nameFinder([{ id: 'signs', name: '***' }])('a *** b')).toEqual([]);
  });

  test('each once, with the name that the ledger writes', () => {
    expect(find('Sister Moon, who is Nia Okafor')[0]).toEqual({ party: 'nia', name: 'Nia Okafor' });
    expect(whom('Sister Moon, who is Nia Okafor')).toEqual(['nia', 'nia-2']);
  });
});
