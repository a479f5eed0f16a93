import { expect, it } from 'vitest';
import { operations } from '../catalog/operations.ts';
import { shown } from './shown.ts';

it('a line break or an escape in the name of a file is printed escaped, on one line', () => {
  const add = operations.find(({ name }) => name === 'catalog.add');
  const refused = [{ file: '/films/bad\nname\u001b[2J.mp4', code: 'no-film', reason: 'no film' }];
  const words = add?.show?.(shown({ added: [], known: [], unused: [], refused }));
  expect(words?.split('\n')).toEqual([
    '- /films/bad\\nname\\u001b[2J.mp4: no-film: no film',
    '0 added, 0 known, 1 refused',
  ]);
});

it('a text that a person wrote keeps its lines', () => {
  expect(shown({ text: 'one\ntwo', shots: 3, at: null })).toEqual({ text: 'one\ntwo', shots: 3, at: null });
});
