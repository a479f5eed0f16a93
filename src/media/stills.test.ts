import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  checkDecode,
  decodeFrames,
  decodeStills,
  decodeStillsNear,
  decodeWithStills,
  encodeVideo,
  planarBytes,
  type Still,
} from './index.ts';
import { runFfmpeg } from './run.ts';

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

/** The grey level of luma as it is coded. */
const levelOf = (code = 0): number => ((code - 16) * 255) / 219;
const numberIn = (code = 0): number => Math.abs(Math.round((levelOf(code) - 20) / 4));

/** What is lent, kept. */
const copyOf = ({ index, picture, rows, columns }: Still): Still => ({
  index,
  picture: Buffer.from(picture),
  rows: Buffer.from(rows),
  columns: Buffer.from(columns),
});

const expectOf = ({ index, picture, rows, columns }: Still) => {
  expect([numberIn(picture[100]), numberIn(rows[100])]).toEqual([index, index]);
  expect([picture.length, rows.length, columns.length]).toEqual([
    planarBytes(size),
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
    (still) => stills.push(copyOf(still)),
  );
  expect(given).toBe(count);
  expect(beside).toEqual(alone);
  expect(stills[0]?.index).toBe(0);
  expect(stills.length).toBeGreaterThanOrEqual(3);
  for (const still of stills) expectOf(still);
}, 60_000);

it('single frames are decoded as stills', async () => {
  const stills: Still[] = [];
  await decodeStills(path, { ...size, only: [3, 4, 40] }, (still) => stills.push(copyOf(still)));
  expect(stills.map(({ index }) => index)).toEqual([3, 4, 40]);
  for (const still of stills) expectOf(still);
}, 60_000);

it('frames near each other are found by their times, and one that is not there is missed', async () => {
  const long = join(folder, 'long.mp4');
  const frames = Array.from({ length: 200 }, (_, i) => new Uint8Array(3 * width * height).fill(20 + i));
  await encodeVideo({ path: long, width, height, fps: '24/1', frames, crf: 8 });
  const { pts } = await checkDecode(long);
  const tick = 1 / 24 / ((pts[1] as number) - (pts[0] as number));
  const near = [120, 121, 130].map((index) => ({
    index,
    pts: pts[index] as number,
    seconds: (pts[index] as number) * tick,
  }));
  const stills: Still[] = [];
  const came = await decodeStillsNear(long, { ...size, near }, (still) => stills.push(copyOf(still)));
  expect(came).toBe(3);
  expect(stills.map(({ index, rows }) => [index, Math.round(levelOf(rows[100])) - 20])).toEqual([
    [120, 120],
    [121, 121],
    [130, 130],
  ]);
  const wrong = near.map((one) => ({ ...one, pts: one.pts + 1 }));
  expect(await decodeStillsNear(long, { ...size, near: wrong }, () => {})).toBe(0);
}, 60_000);

it('a film whose size changes goes on counting its frames', async () => {
  const pieces = ['first.ts', 'second.ts'].map((name) => join(folder, name));
  const scaled = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-vf'];
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    path,
    ...scaled,
    'scale=64:48,trim=end_frame=25',
    pieces[0] as string,
  ]);
  const rest = 'trim=start_frame=25,setpts=PTS-STARTPTS,scale=96:72';
  await runFfmpeg(['-v', 'error', '-i', path, ...scaled, rest, pieces[1] as string]);
  const changed = join(folder, 'changed.ts');
  await writeFile(changed, Buffer.concat(await Promise.all(pieces.map((piece) => readFile(piece)))));
  const stills: Still[] = [];
  const options = { ...small, stills: { ...size, every: 6 } };
  const count = await decodeWithStills(
    changed,
    options,
    () => {},
    (still) => stills.push(copyOf(still)),
  );
  await decodeStills(changed, { ...size, only: [4, 30, 45] }, (still) => stills.push(copyOf(still)));
  expect(count).toBe(50);
  expect(stills.slice(-3).map(({ index }) => index)).toEqual([4, 30, 45]);
  for (const still of stills) expectOf(still);
}, 60_000);
