import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../media/index.ts';
import { drawFilm } from './film.ts';
import { type FilmPlan, planFilm, rateOf } from './plan.ts';
import { productionsOf } from './productions.ts';
import { SHOT_LIST_COLUMNS, shotListOf } from './shot-list.ts';
import { dialogueOf, srtOf } from './subtitles.ts';
import { framesOf, layTimeline } from './timeline.ts';
import { isReserved } from './titles.ts';
import { truthOf } from './truth.ts';

const productions = productionsOf({ dir: '.', seed: 4, size: 'demo' });
const plans: FilmPlan[] = productions.map(({ title, shots, fps, letterbox }) =>
  planFilm({ title, shots, fps, letterbox, seed: 4, startTimecode: '01:00:00:00', credits: ['With'] }),
);

describe.each(plans.map((plan) => [plan.title.name, plan] as const))('%s', (_, plan) => {
  const timeline = layTimeline(plan);
  const truth = truthOf(plan, timeline, 'film.mp4');

  test('shots and gradual transitions tile the film exactly, cuts lie between their shots', () => {
    const gradual = truth.transitions
      .filter((t) => t.type !== 'cut')
      .map((t) => [t.start, t.end + 1] as const);
    const ranges = [...truth.shots.map((s) => [s.in, s.out] as const), ...gradual].sort(
      (a, b) => a[0] - b[0],
    );
    expect(ranges[0]?.[0]).toBe(0);
    expect(ranges.at(-1)?.[1]).toBe(truth.frames);
    for (const [i, [, out]] of ranges.slice(0, -1).entries()) expect(ranges[i + 1]?.[0]).toBe(out);
    for (const cut of truth.transitions.filter((t) => t.type === 'cut')) {
      expect(cut.end).toBe(cut.start + 1);
      expect(truth.shots.some((s) => s.out === cut.end) && truth.shots.some((s) => s.in === cut.end)).toBe(
        true,
      );
    }
  });

  test('every frame of a shot shows that shot alone, every frame of a transition is mixed or darkened', () => {
    const frames = [...framesOf(plan, timeline)];
    expect(frames.length).toBe(truth.frames);
    for (const [f, shown] of frames.entries()) {
      const inShot = truth.shots.some((s) => f >= s.in && f < s.out);
      expect(shown.mix > 0 || shown.black > 0).toBe(!inShot);
    }
  });

  test('at least a fifth of the transitions dissolve, over 6 to 16 frames', () => {
    const dissolves = truth.transitions.filter((t) => t.type === 'dissolve');
    expect(dissolves.length / truth.transitions.length).toBeGreaterThanOrEqual(0.2);
    for (const { start, end } of dissolves) {
      expect(end - start + 1).toBeGreaterThanOrEqual(6);
      expect(end - start + 1).toBeLessThanOrEqual(16);
    }
  });

  test('the shot list says in timecode what the truth says in frames', () => {
    const rows = parse(shotListOf(plan, timeline), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0] ?? {})).toEqual([...SHOT_LIST_COLUMNS]);
    const frame = (timecode = '') => frameOf(timecode, plan.fps, plan.startTimecode, false);
    expect(rows.map((row) => [frame(row['timecode in']), frame(row['timecode out'])])).toEqual(
      truth.shots.map((s) => [s.in, s.out]),
    );
    const described = rows.filter((row) => row.scene !== 'opening' && row.scene !== 'credits');
    expect(described.map((row) => row.description)).toEqual(
      truth.shots.filter((s) => s.caption).map((s) => s.caption),
    );
  });

  test('dialogue is spoken inside the shot of the character who speaks', () => {
    const cues = dialogueOf(timeline, plan.fps, plan.title.slug, 4);
    expect(cues.length).toBeGreaterThan(0);
    for (const cue of cues) {
      const [from, to] = [cue.startSeconds, cue.endSeconds].map((s) => s * rateOf(plan.fps)) as [
        number,
        number,
      ];
      const shot = truth.shots.find((s) => from >= s.in && to <= s.out);
      expect(shot?.attributes?.characters[0]?.toUpperCase()).toBe(cue.text.split(':')[0]);
    }
    expect(srtOf(cues)).toMatch(/^1\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n[A-Z]+: /);
  });

  test('no shot shows a combination that is kept for new takes', () => {
    const story = plan.parts.filter((part) => part.kind === 'story');
    expect(story.filter((part) => !part.guest && isReserved(plan.title, part.words))).toEqual([]);
  });
});

test('the same seed draws the same frames, another seed draws others', async () => {
  const digest = async (seed: number) => {
    const title = productions[0]?.title as FilmPlan['title'];
    const plan = planFilm({
      title,
      seed,
      shots: 3,
      fps: '24/1',
      letterbox: true,
      startTimecode: '01:00:00:00',
      credits: ['With'],
    });
    const hash = createHash('sha256');
    let frames = 0;
    for await (const frame of drawFilm(plan, layTimeline(plan))) {
      if (++frames > 60) break;
      hash.update(frame);
    }
    return hash.digest('hex');
  };
  const [a, b, c] = [await digest(1), await digest(1), await digest(2)];
  expect(a).toBe(b);
  expect(a).not.toBe(c);
});
