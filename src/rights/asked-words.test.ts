import { expect, it } from 'vitest';
import { askedWords } from './asked-words.ts';
import { basisOf } from './bulk.ts';
import { checkWords, signatureWords } from './words.ts';

const day = { territory: 'world', asOf: '2026-05-01' };
const headingOf = (asked: Parameters<typeof basisOf>[1]) => askedWords(basisOf({ ledger: null }, asked));

it('a heading names all that was asked', () => {
  const asked = { ...day, use: 'train.style', model: 'X', trainer: 'vendor', output: 'ad' } as const;
  expect(headingOf(asked)).toBe('train.style, model X, vendor training, ad takes in world on 2026-05-01');
  expect(headingOf({ ...day, use: 'generate.final' })).toBe('generate.final in world on 2026-05-01');
});

it('where somebody is named it names the use beside the replica', () => {
  const asked = { ...day, use: 'generate.final', performers: ['nia'] } as const;
  expect(headingOf(asked)).toBe('generate.final and generate.replica, targeting nia in world on 2026-05-01');
  expect(headingOf({ ...asked, use: 'train.performer' })).toMatch(/^train\.performer, targeting nia/);
  expect(basisOf({ ledger: null }, asked)).toMatchObject({ use: 'generate.final', output: 'final' });
});

it('check and signatures are headed so', () => {
  const asked = {
    ...day,
    use: 'generate.final',
    model: 'X',
    trainer: 'vendor',
    performers: ['nia'],
  } as const;
  const basis = basisOf({ ledger: null }, asked);
  const heading = 'generate.final and generate.replica, targeting nia, model X, vendor training in world on';
  const none = { shots: 0, minutes: 0, outcomes: [], reasons: [], assumptions: [], notices: [] };
  expect(checkWords({ ...basis, ...none })).toContain(heading);
  expect(signatureWords({ ...basis, digest: '', signatures: [] })).toContain(heading);
});
