import { describe, expect, it } from 'vitest';
import { type SceneShot, scenesOf } from './scenes.ts';

const red = [200, 40, 40];
const blue = [40, 40, 200];
const green = [40, 200, 40];
const shots = (colours: number[][], scenes: string[] = []): SceneShot[] =>
  colours.map((colour, i) => ({ id: `s${i}`, colour, scene: scenes[i] ?? '' }));
const namesOf = (list: SceneShot[]) =>
  [...scenesOf('ttl_a', 1, list).values()].map((name) => name.replace(/^.*\//, ''));

describe('the scene of a shot', () => {
  it('is the one that the production numbered, also for shots that its list leaves out', () => {
    const list = shots([red, red, blue, green], ['', '12', '', '13']);
    expect(namesOf(list)).toEqual(['scene-12', 'scene-12', 'scene-12', 'scene-13']);
  });

  it('is one for all set-ups that slates number with letters', () => {
    const list = shots([red, red, blue, green], ['12', '12A', '12b', '13C']);
    expect(namesOf(list)).toEqual(['scene-12', 'scene-12', 'scene-12', 'scene-13']);
  });

  it('is the same for one number in two reels of a title, and not in two titles', () => {
    const list = shots([red], ['12']);
    expect(scenesOf('ttl_a', 1, list)).toEqual(scenesOf('ttl_a', 2, list));
    expect(scenesOf('ttl_a', 1, list)).not.toEqual(scenesOf('ttl_b', 1, list));
  });

  it('keeps the to and fro of a dialogue together and begins anew with a picture not seen lately', () => {
    const list = shots([red, blue, red, blue, red, ...Array(20).fill(green)]);
    expect(new Set(namesOf(list).slice(1, 5)).size).toBe(1);
    expect(namesOf(list)[5]).not.toBe(namesOf(list)[4]);
  });

  it('cuts a film of few, similar shots into runs, so that some can be held out', () => {
    expect(new Set(namesOf(shots(Array(10).fill(blue)))).size).toBe(5);
    expect(new Set(namesOf(shots(Array(100).fill(red)))).size).toBe(9);
    expect(new Set(namesOf(shots([red, red]))).size).toBe(2);
  });
});
