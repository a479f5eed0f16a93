import { expect, it } from 'vitest';
import type { FieldLook } from '../media/index.ts';
import { type FieldChange, repeatsOf } from './repeats.ts';
import { cadenceOf } from './telecine.ts';

/** Film that moves by pulldown, top field first: in each five frames one repeats its top field and one, two later, its bottom field. */
const film = (frames: number, place: number): FieldChange[] =>
  Array.from({ length: frames }, (_, i) => ({
    top: i % 5 === place ? 0.4 : 4 + (i % 3),
    bottom: i % 5 === (place + 2) % 5 ? 0.4 : 4 + (i % 3),
  }));
const video = (frames: number): FieldChange[] =>
  Array.from({ length: frames }, () => ({ top: 5, bottom: 4 }));
const still = (frames: number): FieldChange[] =>
  Array.from({ length: frames }, () => ({ top: 0.1, bottom: 0 }));
const repeats = (changes: FieldChange[]) => repeatsOf(changes, 'top-first');

it('one frame of five repeats, also where its place changes with an edit of the video', () => {
  const found = repeats([...film(50, 2), ...film(50, 4)]).filter((i) => i < 44 || i > 55);
  expect(found.filter((i) => i % 5 !== (i < 50 ? 2 : 4))).toEqual([]);
  expect(found.length).toBeGreaterThanOrEqual(17);
});

it('no frame of video between the film is lost', () => {
  const found = repeats([...film(50, 3), ...video(100), ...film(50, 3)]);
  expect(found.filter((i) => i >= 55 && i < 145)).toEqual([]);
  expect(found.length).toBeGreaterThanOrEqual(18);
});

it('goes on through a scene that stands still', () => {
  const found = repeats([...film(50, 1), ...still(100), ...film(50, 1)]);
  expect(found).toEqual(Array.from({ length: 40 }, (_, i) => 5 * i + 1));
});

const look = (repeated: FieldLook['repeated'], woven = true): FieldLook => ({ repeated, woven });

it('repeated fields out of step, or in whole pictures, are no pulldown', () => {
  const step = [look('top'), look(null), look('bottom'), look(null), look(null, false)];
  const times = Array.from({ length: 24 }, () => step).flat();
  expect(cadenceOf(times)).toEqual({ first: 'top-first', share: 1 });
  expect(cadenceOf(times.map(({ repeated }) => look(repeated, false)))).toBeNull();
  expect(cadenceOf(times.filter((_, i) => i % 7 !== 3))).toBeNull();
});
