import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeFrames, decodeStills, decodeWithStills, encodeVideo, type Still } from './index.ts';

const [width, height, count] = [64, 48, 50];
const size = { width: 16, height: 12 };
const small = { ...size, pixelFormat: 'gray' } as const;

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-stills-'));
  path = join(folder, 'film.mp4');
  // Each frame as bright as its number says.
  const frames = Array.from({ length: count }, (_, i) => new Uint8Array(3 * width * height).fill(20 + 4 * i));
  await encodeVideo({ path, width, height, fps: '24/1', frames, crf: 8 });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const numberIn = (level: number): number => Math.round((level - 20) / 4);

const expectOf = ({ index, picture, rows, columns }: Still) => {
  expect([numberIn(picture[100] as number), numberIn(rows[100] as number)]).toEqual([index, index]);
  expect([picture.length, rows.length, columns.length]).toEqual([
    3 * 16 * 12,
    width * height,
    width * height,
  ]);
};

it('one decoding gives all frames as ever and few stills that know their number', async () => {
  const [alone, beside]: [Buffer[], Buffer[]] = [[], []];
  const stills: Still[] = [];
  await decodeFrames(path, small, (_, bytes) => void alone.push(bytes));
  const options = { ...small, stills: { ...size, every: 12 } };
  const given = await decodeWithStills(
    path,
    options,
    (_, bytes) => void beside.push(bytes),
    (still) => stills.push(still),
  );
  expect(given).toBe(count);
  expect(beside).toEqual(alone);
  expect(stills[0]?.index).toBe(0);
  expect(stills.length).toBeGreaterThanOrEqual(3);
  for (const still of stills) expectOf(still);
}, 60_000);

it('single frames are decoded as stills', async () => {
  const stills: Still[] = [];
  await decodeStills(path, { ...size, only: [3, 4, 40] }, (still) => stills.push(still));
  expect(stills.map(({ index }) => index)).toEqual([3, 4, 40]);
  for (const still of stills) expectOf(still);
}, 60_000);
