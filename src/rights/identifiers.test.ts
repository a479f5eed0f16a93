import { describe, expect, test } from 'vitest';
import { bareId, idFault } from './identifiers.ts';
import { refusal, withRow } from './refusals.test-support.ts';

const isni = '000000012146438X';
const eidr = '10.5240/7791-8534-2C23-9030-8610-5';
const hand = '10.23/B77C-A6A1-D3E8-1E13-D6C7';

describe('one public identifier', () => {
  test.each([
    ['ISNI', isni, '0000 0001 2146 438x'],
    ['ISNI', isni, 'ISNI 0000-0001-2146-438X'],
    ['ISNI', isni, 'https://isni.org/isni/000000012146438X'],
    ['ISNI', isni, 'http://www.isni.org/isni/000000012146438X/'],
    ['ISNI', isni, 'isni.org/isni/000000012146438X'],
    ['ISNI', isni, 'urn:isni:000000012146438X'],
    ['EIDR', eidr, `doi:${eidr}`],
    ['EIDR', eidr, `https://doi.org/${eidr.toLowerCase()}`],
    ['EIDR', eidr, `http://dx.doi.org/${eidr.replace('/', '%2F')}`],
    ['EIDR', eidr, `https://ui.eidr.org/view/content?id=${eidr}`],
    ['EIDR', eidr, 'urn:eidr:10.5240:7791-8534-2C23-9030-8610-5'],
    ['EIDR', eidr, 'EIDR 10.5240/779185342C23903086105'],
    ['HAND', hand, `https://doi.org/${hand.toLowerCase()}`],
    ['HAND', hand, `HAND ID: ${hand}`],
    ['HAND', '21.T1/ada', 'https://hdl.handle.net/21.T1/ada'],
    ['HAND', '21.T1/ada', 'hdl:21.T1/ada'],
    ['ISAN', '0000-0001-8947-0000-8', 'ISAN 0000 0001 8947 0000 8'],
  ])('is one however it is written (%s %s, %s)', (scheme, first, second) => {
    expect(bareId(scheme, second)).toBe(bareId(scheme, first));
    expect([idFault(scheme, first), idFault(scheme, second)]).toEqual([undefined, undefined]);
  });

  test.each([
    ['ISNI', isni, '0000 0001 2103 2683'],
    ['EIDR', eidr, '10.5240/1489-49A2-3956-4B2D-FE16-5'],
    ['EIDR', '10.5237/7791-8534', '10.5240/7791-8534'],
    ['HAND', '21.T1/ada', '21.T1/Ada'],
    ['internal', 'A 1', 'A1'],
  ])('is not another (%s %s, %s)', (scheme, first, second) => {
    expect(bareId(scheme, second)).not.toBe(bareId(scheme, first));
  });

  test.each([
    ['ISNI', '0000 0001 2146 4381', 'an ISNI: 15 digits and the check character that they give, X'],
    ['ISNI', 'https://isni.org/isni/0000', 'an ISNI: 15 digits and a check character'],
    ['ISNI', '0000 0001 2146 438X 7', 'an ISNI: 15 digits and a check character'],
    [
      'EIDR',
      '10.5240/7791-8534-2C23-9030-8611-5',
      'an EIDR with the check character that its digits give, 3',
    ],
    ['EIDR', '10.5240/7791', 'an EIDR: 10.5240/, 20 hexadecimal digits and a check character'],
  ])('with a slip of the pen is refused (%s %s)', (scheme, value, expected) => {
    expect(idFault(scheme, value)).toBe(expected);
    const row = { id: 'twin', kind: 'person', name: 'Twin', ids: [{ scheme, value }] };
    expect(refusal(withRow('parties', row)).join('\n')).toContain(`expected ${expected}, found "${value}"`);
  });

  test('of two parties, once as a link, is told with its line', () => {
    const ids = [
      { scheme: 'ISNI', value: `https://isni.org/isni/${isni}` },
      { scheme: 'ISNI', value: '0000 0001 2146 438X' },
    ];
    const lines = refusal(withRow('parties', { id: 'twin', kind: 'person', name: 'Twin', ids }));
    expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(1);
    expect(lines.join()).toContain('one row only, found ISNI "0000 0001 2146 438X", which parties/twin has');
  });
});
