import { expect, test } from 'vitest';
import { CLIP, type ClipPlan, planClip, renderClip } from '../../sample/index.ts';
import { blocksOf } from './coarse.ts';
import { UNRELATED } from './distance.ts';
import { CELLS, STRIDE } from './grid.ts';
import { compared, likelier, type Print } from './match.ts';
import { type Looks, looksOf, printOf } from './print.ts';
import { solved } from './solve.ts';
import { THRESHOLD } from './threshold.ts';

type Plan = Pick<ClipPlan, 'spec' | 'start'>;

/** Luminance of a clip, its frames as the pictures that a file is read as. */
function pictures(plan: Plan): Uint8Array[] {
  const clip = renderClip(plan);
  const size = CLIP.width * CLIP.height;
  return Array.from({ length: CLIP.frames }, (_, n) =>
    Uint8Array.from({ length: size }, (_, i) => clip[(n * size + i) * 3 + 1] as number),
  );
}

const print = (take: string, looks: Looks): Print => {
  const made = printOf(looks);
  if ('reason' in made) throw new Error(made.reason);
  return { take, cells: made.cells, blocks: blocksOf(made.cells) };
};

const plan = planClip('title:paper-kingdom', 5, 4, 0);
const larger: Plan = { ...plan, spec: { ...plan.spec, size: plan.spec.size * 1.08 } };
const [looks, others] = [looksOf(pictures(plan)), looksOf(pictures(larger))];
const prints = [print('larger', others), print('itself', looks)];

test('of two takes that differ by a slightly larger figure, the right one is found and the other is over the limit', () => {
  const [first, second] = compared(looks, likelier(looks, prints));
  expect([first?.take, second?.take]).toEqual(['itself', 'larger']);
  expect(first?.distance).toBeLessThan(1);
  expect(second?.distance).toBeGreaterThan(THRESHOLD);
});

const graded = (by: Plan, grade: (value: number) => number): Looks =>
  looksOf(pictures(by).map((picture) => picture.map((value) => Math.min(255, Math.max(0, grade(value))))));

test('other gain and brightness make no distance', () => {
  const paler = graded(plan, (value) => 30 + value * 0.7);
  expect(compared(paler, likelier(paler, prints))[0]).toMatchObject({ take: 'itself', at: 0 });
  expect(compared(paler, likelier(paler, prints))[0]?.distance).toBeLessThan(1);
});

test.each([
  ['brighter', 40],
  ['darker', -150],
])('what a %s copy has lost to white or black makes no distance', (_, by) => {
  const copy = graded(plan, (value) => value + by);
  const [first, second] = compared(copy, likelier(copy, prints));
  expect(first).toMatchObject({ take: 'itself' });
  expect(first?.distance).toBeLessThan(1);
  expect(second?.distance).toBeGreaterThan(THRESHOLD);
});

test('a copy of which little but white is left is unrelated: too little to tell', () => {
  const white = graded(plan, (value) => value + 80);
  for (const { distance } of compared(white, likelier(white, prints))) expect(distance).toBe(UNRELATED);
});

test('pale takes that differ by a slightly larger figure are told apart, though all their greys are near', () => {
  const pale = (by: Plan) => graded(by, (value) => 100 + value * 0.1);
  const kept = [print('larger', pale(larger)), print('itself', pale(plan))];
  const [first, second] = compared(pale(plan), likelier(pale(plan), kept));
  expect(first).toMatchObject({ take: 'itself' });
  expect(second?.distance).toBeGreaterThan(THRESHOLD);
});

test('a copy that begins a frame later is found at its place', () => {
  const later = looksOf(pictures(plan).slice(1));
  expect(compared(later, likelier(later, prints))[0]).toMatchObject({ take: 'itself', at: -1 });
});

test('a fingerprint keeps every second look, and flat pictures have none', () => {
  expect(prints[0]?.cells).toHaveLength(Math.ceil(CLIP.frames / STRIDE) * CELLS);
  const flat = looksOf(Array.from({ length: CLIP.frames }, () => new Uint8Array(96 * 64).fill(90)));
  expect(printOf(flat)).toEqual({ reason: 'too little to see' });
  expect(printOf(looksOf(pictures(plan).slice(0, 5)))).toEqual({ reason: 'too short' });
});

test('equations are solved, and an unknown that nothing is said about is 0', () => {
  const rows = [
    [4, 1, 0, 6],
    [1, 3, 0, 7],
    [0, 0, 0, 0],
  ].map((row) => Float64Array.from(row));
  const [x, y, z] = solved(rows);
  expect([x, y]).toEqual([expect.closeTo(1, 2), expect.closeTo(2, 2)]);
  expect(z).toBe(0);
});
