import { expect, it } from 'vitest';
import { operations } from './operations.ts';

const add = operations.find(({ name }) => name === 'catalog.add');
const refused = [{ file: '/films/typo.mp4', code: 'unreadable', reason: 'there is no such file' }];

it('to add nothing but what is refused has failed, so that a script stops there', () => {
  expect(add?.exitCode?.({ added: [], known: [], unused: [], refused })).toBe(1);
});

it('a film that is refused beside others, or none at all, is no failure', () => {
  const known = [{ file: '/films/a.mp4', reason: 'already catalogued' }];
  expect(add?.exitCode?.({ added: [], known, unused: [], refused })).toBe(0);
  expect(add?.exitCode?.({ added: [], known: [], unused: [], refused: [] })).toBe(0);
});
