import { describe, expect, it } from 'vitest';
import type { FrameNote } from './captions.ts';
import { type Film, planFilm } from './plan.ts';
import type { FreezeOptions } from './schema.ts';

const options: FreezeOptions = {
  ...{ use: 'train.style', territory: 'world', asOf: '2026-05-01', frames: 17, width: 96, height: 64 },
  ...{
    fps: '12',
    soften: 0,
    hdr: 'refuse',
    text: 'refuse',
    frozen: 'keep',
    blurred: 'keep',
    stride: 8,
    clipsPerShot: 8,
    heldout: 0.2,
    seed: 0,
  },
};

const shot = (id: string, start: number, out: number) => ({
  id,
  in: start,
  out,
  words: 'a shot',
  colour: [90, 90, 90],
  marks: [],
  isRead: true,
});

const noWords: Film['words'] = { person: [], model: [], shotList: [], sidecar: [], subtitles: [] };

const film = (parts: Partial<Film> = {}): Film => ({
  ...{ sha256: 'f'.repeat(64), path: 'film.mp4', title: 'ttl_a', titleName: 'A', reel: 1, frames: 300 },
  ...{ sampleAspect: '1:1', interlaced: false, hdr: null },
  table: { timeBase: '1/24', pts: Array.from({ length: 300 }, (_, i) => i) },
  picture: { x: 0, y: 0, width: 640, height: 360 },
  words: noWords,
  framesToCompare: 18,
  shots: [shot('long', 0, 72), shot('short', 72, 90), shot('refused', 90, 200), shot('last', 200, 300)],
  ...parts,
});

const allowed = new Map(['long', 'short', 'last'].map((id) => [id, [`grant-${id}`]]));
const row = (start: number, out: number, text: string): FrameNote => ({ in: start, out, text, scene: '' });

describe('what is cut from a film', () => {
  it('is clips of allowed shots alone, each with the grants that allow it', () => {
    const { clips, skipped } = planFilm(film(), allowed, options);
    expect(clips.map((clip) => clip.shot)).toEqual(['long', 'long', 'long', ...Array(5).fill('last')]);
    expect(clips[0]?.grants).toEqual(['grant-long']);
    expect(skipped).toEqual([{ shot: 'short', reason: 'too_short', clips: 0 }]);
  });

  it('is nothing of a film in HDR, unless it is to be tone-mapped, or with too small a picture, and every shot says why', () => {
    const reasons = (hdr: Film['hdr'], choice: FreezeOptions['hdr']) =>
      planFilm(film({ hdr }), allowed, { ...options, hdr: choice }).skipped.map((skip) => skip.reason);
    expect(reasons('pq', 'refuse')).toEqual(Array(3).fill('hdr'));
    expect(reasons('hlg', 'tone-map')).toEqual(['too_short']);
    expect(reasons('dolby-vision', 'tone-map')).toEqual(Array(3).fill('dolby_vision'));
    const untold = planFilm(film({ wide: 'bt2020', isLightUntold: true }), allowed, options).skipped;
    expect(untold.map((skip) => skip.reason)).toEqual(Array(3).fill('transfer_unknown'));
    const tiny = film({ picture: { x: 0, y: 0, width: 90, height: 60 } });
    expect(planFilm(tiny, allowed, options)).toMatchObject({
      ...{ clips: [], skipped: Array(3).fill({ reason: 'picture_too_small' }) },
    });
  });

  it('shows nothing of the bars of a shot that has others than its film', () => {
    const square = { x: 80, y: 0, width: 480, height: 360 };
    const shots = [shot('long', 0, 72), { ...shot('last', 200, 300), picture: square }];
    const { clips } = planFilm(film({ shots }), allowed, options);
    expect(clips.find(({ shot: of }) => of === 'long')?.crop).toEqual({
      x: 50,
      y: 0,
      width: 540,
      height: 360,
    });
    expect(clips.at(-1)?.crop).toEqual({ x: 80, y: 20, width: 480, height: 320 });
  });

  it.each([
    ['show text throughout, unless it may stay', 'text', 'burnt_in_text'],
    ['do not move, where that is asked', 'frozen', 'frozen'],
    ['are blurred, where that is asked', 'blurred', 'blurred'],
  ] as const)('is nothing of shots that %s', (_, option, mark) => {
    const shots = [{ ...shot('long', 0, 72), marks: [mark] }, shot('last', 200, 300)];
    const skipped = (choice: 'refuse' | 'keep') =>
      planFilm(film({ shots }), allowed, { ...options, [option]: choice }).skipped;
    expect(skipped('keep')).toEqual([]);
    expect(skipped('refuse')).toEqual([{ shot: 'long', reason: mark, clips: 0 }]);
  });

  it('leaves out what the shot list calls titles or credits, and not a shot that mentions them', () => {
    const shotList = [row(0, 72, 'Opening title card'), row(200, 300, 'Ann reads the end credits aloud')];
    const { clips, skipped } = planFilm(film({ words: { ...noWords, shotList } }), allowed, options);
    expect(skipped[0]).toEqual({ shot: 'long', reason: 'titles_or_credits', clips: 0 });
    expect(clips[0]).toMatchObject({ shot: 'last', caption: 'Ann reads the end credits aloud' });
  });

  it('skips frames where the film stands still in time, and says so', () => {
    const pts = Array.from({ length: 300 }, (_, i) => i + (i >= 36 ? 12 : 0));
    const { clips, skipped } = planFilm(film({ table: { timeBase: '1/24', pts } }), allowed, options);
    expect(skipped[0]).toMatchObject({ shot: 'long', reason: 'too_few_frames' });
    expect(clips.filter((clip) => clip.shot === 'last')).toHaveLength(5);
  });
});
