import { describe, expect, test } from 'vitest';
import { type Nameable, nameFinder, namesOf } from './person-names.ts';

const parties: Nameable[] = [
  { id: 'nia', name: 'Nia Okafor', aliases: ['Sister Moon'] },
  { id: 'rene', name: 'René O’Brien-Łach' },
  { id: 'ren', name: 'Ren' },
  { id: 'comma', name: 'Brandt, Ada' },
  { id: 'yamada', name: '山田太郎' },
  { id: 'nia-2', name: 'NIA OKAFOR' },
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
    'Nia walks along the quay',
    'Okafor, the sea',
    'Nia and Okafor',
    'warren and children, a brentano',
    'a moon over the sister ship',
    '山田 walks',
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
