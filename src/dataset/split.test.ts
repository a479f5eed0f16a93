import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldOutScenes, type SceneSize } from './split.ts';

const scene = (title: string, number: number, clips: number): SceneSize => ({
  ...{ title, clips },
  scene: `${title}/scene-${number}`,
});

const catalogues = fc
  .array(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((titles) => titles.flatMap((sizes, t) => sizes.map((clips, s) => scene(`t${t}`, s, clips))));

const shuffled = (scenes: readonly SceneSize[]) => [...scenes].sort((a, b) => (a.scene < b.scene ? 1 : -1));

describe('the split by scene', () => {
  it('holds out at least one scene of each title with two, and never all', () => {
    fc.assert(
      fc.property(
        catalogues,
        fc.nat(1000),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (scenes, seed, share) => {
          const held = heldOutScenes(scenes, share, seed);
          for (const own of Map.groupBy(scenes, (s) => s.title).values()) {
            const out = own.filter((s) => held.has(s.scene)).length;
            expect(out).toBeLessThan(own.length);
            expect(out > 0).toBe(own.length > 1);
          }
        },
      ),
    );
  });

  it('does not depend on the order of the scenes, nor on other titles', () => {
    fc.assert(
      fc.property(catalogues, fc.nat(1000), (scenes, seed) => {
        const held = heldOutScenes(scenes, 0.2, seed);
        expect(heldOutScenes(shuffled(scenes), 0.2, seed)).toEqual(held);
        const first = scenes.filter((s) => s.title === 't0');
        const ofFirst = [...held].filter((name) => name.startsWith('t0/'));
        expect([...heldOutScenes(first, 0.2, seed)]).toEqual(ofFirst);
      }),
    );
  });

  it('holds out about the share asked for', () => {
    const scenes = Array.from({ length: 200 }, (_, i) => scene('t', i, 1 + (i % 7)));
    const clips = (list: SceneSize[]) => list.reduce((sum, s) => sum + s.clips, 0);
    const held = heldOutScenes(scenes, 0.2, 1);
    expect(clips(scenes.filter((s) => held.has(s.scene))) / clips(scenes)).toBeCloseTo(0.2, 1);
  });

  it('draws other scenes with another seed, and none for a share of zero', () => {
    const scenes = Array.from({ length: 50 }, (_, i) => scene('t', i, 3));
    expect(heldOutScenes(scenes, 0.2, 1)).not.toEqual(heldOutScenes(scenes, 0.2, 2));
    expect(heldOutScenes(scenes, 0, 1).size).toBe(0);
  });
});
