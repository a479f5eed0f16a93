import { expect, it } from 'vitest';
import { foldsOf } from './folds.ts';

const clipsOf = (title: string, sizes: readonly number[]) =>
  sizes.flatMap((clips, n) => Array.from({ length: clips }, () => ({ title, scene: `${title}/${n}` })));

it('parts the scenes of each title between the folds, about as many clips to each, whatever the other titles', () => {
  const [dunes, streets] = [clipsOf('dunes', [5, 3, 2, 1]), clipsOf('streets', [8, 6, 6, 5, 1])];
  const folds = foldsOf([...dunes, ...streets]);
  const counts = (clips: typeof dunes) =>
    [0, 1].map((fold) => clips.filter(({ scene }) => folds.get(scene) === fold).length);
  expect(counts(dunes)).toEqual([6, 5]);
  expect(counts(streets)).toEqual([13, 13]);
  expect(foldsOf(dunes)).toEqual(new Map([...folds].filter(([scene]) => scene.startsWith('dunes/'))));
});
