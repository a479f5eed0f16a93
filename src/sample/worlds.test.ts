import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CLIP_BYTES, planClip, renderClip } from './clips.ts';
import { poseAt } from './motion.ts';
import { FRAME_WIDTH } from './spec.ts';
import { TITLES } from './titles.ts';
import { reservedLooks, reservedScenes } from './worlds.ts';

const plans = Array.from({ length: 1500 }, (_, i) => planClip('worlds', 11, i, 0.1));
const worlds = plans.filter(({ title }) => title === 'worlds');
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the same seed and index draw the same clip, another index draws another', () => {
  const [a, b, c] = [7, 7, 8].map((i) => renderClip(planClip('worlds', 3, i, 0)));
  expect(a?.length).toBe(CLIP_BYTES);
  expect(digest(a as Buffer)).toBe(digest(b as Buffer));
  expect(digest(a as Buffer)).not.toBe(digest(c as Buffer));
});

const PARTS =
  /^a (\w+) (\w+) fellow with (?:\w+ and )?(\w+) (walks \w+|jumps|stands) in the (?:painted )?(\w+) at (\w+) ,/;

test('training clips never show a reserved look or scene, held-out clips show all kinds of novelty', () => {
  const words = worlds.map(({ caption, split, novelty }) => {
    const [, colour, silhouette, held, action, set, time] = PARTS.exec(caption) ?? [];
    return { look: `${colour}+${silhouette}+${held}`, scene: `${set}+${action}+${time}`, split, novelty };
  });
  const train = words.filter((w) => w.split === 'train');
  expect(train.filter((w) => reservedLooks.has(w.look) || reservedScenes.has(w.scene))).toEqual([]);
  const heldout = words.filter((w) => w.split === 'heldout');
  expect(new Set(heldout.map((w) => w.novelty))).toEqual(new Set(['none', 'look', 'scene']));
  expect(heldout.filter((w) => w.novelty === 'look').every((w) => reservedLooks.has(w.look))).toBe(true);
});

test('every word of the base is drawn, each about as often as its neighbours', () => {
  const counts = new Map<string, number>();
  for (const { spec } of plans) counts.set(spec.action, (counts.get(spec.action) ?? 0) + 1);
  for (const count of counts.values()) expect(count).toBeGreaterThan(300);
});

test('the character stays in frame for the whole shot, whatever it and the camera do', () => {
  const titles = TITLES.flatMap((t) =>
    Array.from({ length: 60 }, (_, i) => planClip(`title:${t.slug}`, 5, i, 0.2)),
  );
  for (const { spec } of [...plans, ...titles]) {
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      const { x } = poseAt(spec, spec.seconds * share);
      expect(x).toBeGreaterThan(0.12 * FRAME_WIDTH);
      expect(x).toBeLessThan(0.88 * FRAME_WIDTH);
    }
  }
});

const poses = ({ spec, start }: (typeof plans)[number]) =>
  Array.from({ length: 17 }, (_, i) => poseAt(spec, start + i / 12));
type Pose = ReturnType<typeof poseAt>;
const walked = (first: Pose, last: Pose) => last.x + last.pan - first.x - first.pan;

test('every action shows within one clip', () => {
  for (const plan of plans) {
    const steps = poses(plan);
    const [first, last] = [steps[0] as Pose, steps.at(-1) as Pose];
    const { action } = plan.spec;
    if (action === 'jumps') expect(Math.max(...steps.map((p) => p.lift))).toBeGreaterThan(0.155);
    if (action === 'walks right') expect(walked(first, last)).toBeGreaterThan(0.1 * FRAME_WIDTH);
    if (action === 'walks left') expect(walked(last, first)).toBeGreaterThan(0.1 * FRAME_WIDTH);
  }
});

test('every camera move shows within one clip', () => {
  for (const plan of plans) {
    const steps = poses(plan);
    const [first, last] = [steps[0] as Pose, steps.at(-1) as Pose];
    const { camera } = plan.spec;
    if (camera === 'pans left') expect(first.pan - last.pan).toBeGreaterThan(0.09 * FRAME_WIDTH);
    if (camera === 'zooms in') expect(last.zoom / first.zoom).toBeGreaterThan(1.22);
    if (camera === 'still') expect([last.pan, last.zoom]).toEqual([first.pan, first.zoom]);
  }
});

test('no clip stands quite still', () => {
  for (let i = 0; i < 4; i++) {
    const plan = plans.filter((p) => p.spec.action === 'stands' && p.spec.camera === 'still')[i];
    const clip = renderClip(plan as (typeof plans)[number]);
    const size = CLIP_BYTES / 17;
    const frames = new Set(
      Array.from({ length: 17 }, (_, f) => digest(clip.subarray(f * size, (f + 1) * size))),
    );
    expect(frames.size).toBeGreaterThan(12);
  }
});
