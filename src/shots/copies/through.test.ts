import { expect, test } from 'vitest';
import type { Copy, CopyKind } from './schema.ts';
import { withThrough } from './through.ts';

const at = (shot: string, from = 0, to = 48) => ({ shot, in: from, out: to });
const pair = (a: Copy['a'], b: Copy['b'], kinds: CopyKind[] = [], speed = 1, similarity = 0.99): Copy => ({
  ...{ a, b, similarity },
  ...{ kinds, speed },
});
const films = new Map([
  ['disc', 'disc.mpg'],
  ['film', 'film.mp4'],
  ['take', 'film.mp4'],
  ['cable', 'cable.ts'],
  ['phone', 'phone.mp4'],
]);
/** What follows from pairs. */
const following = (copies: Copy[]) => withThrough(copies, films).slice(copies.length);

test('two shots that show the same stretch of a third are copies of each other, where both show it', () => {
  const found = following([
    pair(at('disc', 100, 150), at('film', 0, 40)),
    pair(at('film', 4, 48), at('cable')),
  ]);
  expect(found).toMatchObject([
    { a: { shot: 'cable', in: 0, out: 39 }, b: { shot: 'disc', in: 105, out: 150 } },
  ]);
});

test('two shots that show other parts of a third are none', () => {
  const halves = [pair(at('disc'), at('film', 0, 24)), pair(at('film', 24, 48), at('cable'))];
  expect(following(halves)).toEqual([]);
  const ends = [pair(at('disc'), at('film', 0, 30)), pair(at('film', 18, 48), at('cable'))];
  expect(following(ends)).toEqual([]);
});

test('two takes of one film that are like one copy do not become copies of each other', () => {
  expect(following([pair(at('disc'), at('film')), pair(at('disc'), at('take'))])).toEqual([]);
});

test('what is twice mirrored is not, and speeds multiply', () => {
  const faster = 0.96;
  const [found] = following([
    pair(at('disc'), at('film'), ['mirrored', 'retimed'], faster),
    pair(at('cable'), at('film'), ['mirrored'], 1, 0.9),
  ]);
  expect(found).toMatchObject({ kinds: ['retimed'], similarity: 0.9, speed: 1.0417 });
  expect(found?.a.shot).toBe('cable');
});

test('the one that shows more of the picture comes first', () => {
  const cut = (whole: string, part: string) => pair(at(whole), at(part), ['cropped']);
  const told = (copies: Copy[]) => following(copies).map(({ a, b, kinds }) => [a.shot, b.shot, ...kinds]);
  expect(told([pair(at('cable'), at('film')), cut('film', 'disc')])).toEqual([['cable', 'disc', 'cropped']]);
  expect(told([cut('disc', 'film'), cut('film', 'cable')])).toEqual([['disc', 'cable', 'cropped']]);
  expect(told([cut('disc', 'film'), cut('cable', 'film')])).toEqual([['cable', 'disc']]);
});

test('all copies of one another are told, however long the way, and whatever the order of the pairs', () => {
  const chain = [pair(at('disc'), at('film')), pair(at('film'), at('cable')), pair(at('cable'), at('phone'))];
  const told = (copies: Copy[]) =>
    withThrough(copies, films)
      .map(({ a, b }) => [a.shot, b.shot].sort().join(' '))
      .sort();
  expect(told(chain)).toHaveLength(6);
  expect(told(chain.toReversed())).toEqual(told(chain));
});
