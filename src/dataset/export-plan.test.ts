import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClipLine } from '../contract/index.ts';
import { planExport, type Source } from './export-plan.ts';
import { nearestFrames } from './sampling.ts';
import { askOf } from './targets.ts';

const id = (n: number) => String(n).padStart(64, '0');

const line = (n: number, caption = 'a pier'): ClipLine => ({
  ...{
    id: id(n),
    shard: 'shard-00000.u8',
    offset: 0,
    bytes: 1,
    frames: 17,
    height: 64,
    width: 96,
    fps: '12/1',
  },
  ...{ caption, captionSource: 'facts', title: 't', shot: `sht-${n}`, scene: 's', split: 'train' },
});

/** A clip of 17 frames at 12 a second of a film of `base` frames a second. */
function source(n: number, { base = 24, from = 0, caption = 'a pier', side = 1080 } = {}): Source {
  const table = { timeBase: `1/${base * 512}`, pts: Array.from({ length: 400 }, (_, i) => i * 512) };
  const frames = nearestFrames(table, { in: from, out: 400 }, '12').slice(0, 17);
  const crop = { x: 0, y: 0, width: 2, height: 2 };
  return {
    line: line(n, caption),
    origin: {
      ...{ id: id(n), file: id(9), frames, crop, deinterlaced: false, shot: `sht-${n}` },
      decision: { outcome: 'ALLOW', grants: [] },
    },
    master: {
      ...{ sha256: id(9), path: 'film.mp4', table, sampleAspect: '1:1', interlaced: false },
      picture: { x: 0, y: 0, width: side * 2, height: side },
      pictures: new Map(),
    },
  };
}

describe('planning an export', () => {
  it('shows the stretch of the clip at the rate of the target and nothing outside it', () => {
    const { shape, videos } = planExport([source(1, { from: 7 })], askOf('musubi-tuner', {}));
    expect(shape).toEqual({ frames: 21, fps: '16', width: 832, height: 480 });
    // 24 frames a second to 16: of every three frames two, the nearer ones.
    expect(videos[0]?.frames.slice(0, 7)).toEqual([7, 8, 10, 11, 13, 14, 16]);
    expect(videos[0]?.frames.at(-1)).toBe(37);
  });

  it('takes as many frames as all clips hold, so that all fill one bucket', () => {
    // Nearest frames of 25 a second end a third of a frame earlier than those of 24.
    const films = [source(1), source(2, { base: 25 })];
    expect(planExport(films.slice(0, 1), askOf('ltx-trainer', {})).shape.frames).toBe(33);
    const both = planExport(films, askOf('ltx-trainer', {}));
    expect(both.shape.frames).toBe(25);
    expect(both.videos).toHaveLength(2);
  });

  it('leaves out, with the reason, what it would have to lengthen, repeat, enlarge or leave without words', () => {
    const films = [source(1), source(2, { base: 12 }), source(3, { side: 400 }), source(4, { caption: '' })];
    const plan = planExport(films, askOf('finetrainers', { frames: 21 }));
    expect(plan.videos.map(({ line }) => line.id)).toEqual([id(1)]);
    expect(plan.leftOut.map(({ reason }) => reason)).toEqual([
      'too_few_frames',
      'picture_too_small',
      'no_caption',
    ]);
    const long = planExport([source(1)], askOf('finetrainers', { frames: 25 }));
    expect(long.leftOut).toEqual([{ clip: id(1), shot: 'sht-1', reason: 'too_short' }]);
  });

  it('never repeats a frame, goes back or leaves the clip, whatever the rates', () => {
    const rates = fc.constantFrom('16', '24', '25', '24000/1001', '30000/1001');
    const film = fc.record({
      base: fc.constantFrom(24, 25, 30, 50, 60),
      from: fc.integer({ min: 0, max: 200 }),
    });
    fc.assert(
      fc.property(rates, film, (fps, made) => {
        const own = source(1, made);
        for (const { frames } of planExport([own], askOf('webdataset', { fps })).videos) {
          expect(frames).toEqual([...new Set(frames)].sort((a, b) => a - b));
          expect(frames[0]).toBe(own.origin.frames[0]);
          expect(frames.at(-1)).toBeLessThanOrEqual(own.origin.frames.at(-1) as number);
          expect(frames.length % 4).toBe(1);
        }
      }),
    );
  });
});
