import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Copy, Ranked } from '../shots/index.ts';
import { type Copies, checkApart, scenesTogether, withoutCopies } from './copies.ts';
import type { FilmPlan } from './plan.ts';
import { heldOutScenes } from './split.ts';

const pair = (a: string, b: string): Copy => ({
  a: { shot: a, in: 0, out: 24 },
  b: { shot: b, in: 0, out: 24 },
  ...{ kinds: [], similarity: 1, speed: 1 },
});

/** Plans of one film a title with `shots` shots, each its own scene; `long` ones have more frames. */
function planOf(title: string, shots: number, long = 48): FilmPlan {
  const ids = Array.from({ length: shots }, (_, i) => `${title}${i}`);
  return {
    film: {
      picture: { width: 96, height: 64 },
      shots: ids.map((id) => ({ id, in: 0, out: long })),
    },
    clips: ids.map((shot) => ({ shot, scene: `${title}/${shot}` })),
    skipped: [],
  } as unknown as FilmPlan;
}

/** All shots have equal pictures; films tie by their title. */
function without(plans: readonly FilmPlan[], given: Omit<Copies, 'ranked' | 'tooFlat'>) {
  const ranked = plans.flatMap(({ film }) =>
    film.shots.map(({ id, in: from, out }): [string, Ranked] => [
      id,
      {
        id,
        seconds: (out - from) / 24,
        in: from,
        out,
        film: id[0] as string,
        pixels: 96 * 64,
        scan: 'progressive',
        bitsASecond: 1000,
      },
    ]),
  );
  return withoutCopies(plans, { ...given, ranked: new Map(ranked) });
}

const shotsIn = (plans: readonly FilmPlan[]) => plans.flatMap(({ clips }) => clips.map(({ shot }) => shot));

describe('of shots that show the same, undecided', () => {
  it('the longest gives clips, and the others are skipped with its name', () => {
    const { plans } = without([planOf('a', 2, 40), planOf('b', 1, 80)], {
      copies: [pair('a0', 'b0')],
      choices: [],
    });
    expect(shotsIn(plans)).toEqual(['a1', 'b0']);
    expect(plans[0]?.skipped).toEqual([{ shot: 'a0', reason: 'copy', clips: 0, copyOf: 'b0' }]);
  });

  it('none is left out for one that gives no clip itself', () => {
    const refused = { ...planOf('b', 1, 80), clips: [] };
    const { plans } = without([planOf('a', 1), refused], { copies: [pair('a0', 'b0')], choices: [] });
    expect(shotsIn(plans)).toEqual(['a0']);
  });

  it('none is left out for one that is left out itself', () => {
    const copies = [pair('a0', 'b0'), pair('b0', 'c0')];
    const { plans } = without([planOf('a', 1, 90), planOf('b', 1, 60), planOf('c', 1, 30)], {
      copies,
      choices: [],
    });
    expect(shotsIn(plans)).toEqual(['a0', 'c0']);
  });
});

describe('of shots that show the same', () => {
  const plans = () => [planOf('a', 2, 90), planOf('b', 1, 30)];
  const copies = [pair('a0', 'b0')];
  const choice = (...shots: string[]) => ({ shots, who: 'mara', at: '2026-05-01T00:00:00Z' });

  it('the one stays that was chosen last', () => {
    const choices = [choice('a0'), choice('b0')];
    const left = without(plans(), { copies, choices });
    expect(shotsIn(left.plans)).toEqual(['a1', 'b0']);
    expect(left.plans[0]?.skipped[0]?.reason).toBe('copy_by_choice');
  });

  it('all stay that one choice names, and none of their scenes is held out', () => {
    const left = without(plans(), { copies, choices: [choice('a0', 'b0')] });
    expect(shotsIn(left.plans)).toEqual(['a0', 'a1', 'b0']);
    const clips = left.plans.flatMap((plan) => plan.clips);
    expect(scenesTogether(clips, left.together)).toEqual(new Set(['a/a0', 'b/b0']));
  });

  it('no two are ever trained on and held out, whatever is chosen and drawn', () => {
    const shot = fc.constantFrom('a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'c0', 'c1', 'c2');
    const pairs = fc.array(fc.tuple(shot, shot), { maxLength: 8 });
    const chosen = fc.array(fc.array(shot, { minLength: 1, maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(pairs, chosen, fc.nat(99), (links, picks, seed) => {
        const all = links.filter(([a, b]) => a !== b).map(([a, b]) => pair(a, b));
        const films = ['a', 'b', 'c'].map((title, i) => planOf(title, 3, 30 * (i + 1)));
        const left = without(films, { copies: all, choices: picks.map((one) => choice(...one)) });
        const clips = left.plans.flatMap((plan) => plan.clips);
        const sizes = clips.map(({ scene }) => ({ scene, title: scene[0] as string, clips: 1 }));
        const held = heldOutScenes(sizes, 0.4, seed, scenesTogether(clips, left.together));
        const lines = clips.map(({ shot: id, scene }) => ({
          shot: id,
          split: held.has(scene) ? ('heldout' as const) : ('train' as const),
        }));
        expect(() => checkApart(lines, all)).not.toThrow();
      }),
    );
  });

  it('a snapshot that has them on both sides is refused', () => {
    const lines = [
      { shot: 'a0', split: 'train' as const },
      { shot: 'b0', split: 'heldout' as const },
    ];
    expect(() => checkApart(lines, copies)).toThrow('a0 and b0');
  });
});
