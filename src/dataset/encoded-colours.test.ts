import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { missingPackages, readWith } from '../../test/support/python.ts';
import { fileHash } from '../jobs/index.ts';
import { decodeFrames, encodeVideo, type PictureFacts, probe, runFfmpeg } from '../media/index.ts';
import { encodeClips } from './encode-clips.ts';
import type { PlannedVideo } from './export-plan.ts';

const size = { width: 96, height: 64 };
/** Bars of colours that the two matrices make differ. */
const bars = [
  [200, 40, 30],
  [40, 190, 60],
  [30, 60, 200],
  [230, 160, 40],
];
const barWidth = size.width / bars.length;
const frames = [0, 1, 2, 3, 4];

let workspace: Awaited<ReturnType<typeof testContext>>;
let video: string;
beforeAll(async () => {
  workspace = await testContext({});
  const path = join(workspace.context.paths.root, 'bars.mp4');
  const frame = Uint8Array.from({ length: 3 * size.width * size.height }, (_, at) => {
    const bar = bars[Math.floor((Math.floor(at / 3) % size.width) / barWidth)] as number[];
    return bar[at % 3] as number;
  });
  await encodeVideo({ path, ...size, fps: '16', frames: frames.map(() => frame), crf: 1 });
  const crop = { x: 0, y: 0, ...size };
  const master = {
    path,
    sha256: await fileHash(path),
    table: { timeBase: '1/16', pts: frames },
    picture: crop,
  };
  const rest = { pictures: new Map(), sampleAspect: '1:1', interlaced: false };
  const planned = { line: { id: 'a' }, origin: { frames }, master: { ...master, ...rest }, frames, crop };
  const shape = { frames: 5, fps: '16', ...size };
  const made = await encodeClips(workspace.context, [planned as unknown as PlannedVideo], shape);
  video = made.videos[0]?.path ?? '';
});
afterAll(() => workspace.close());

/** The middle of each bar in a picture of RGB. */
const middles = (rgb: Uint8Array) =>
  bars.map((_, bar) => {
    const at = 3 * ((size.height / 2) * size.width + (bar + 0.5) * barWidth);
    return [...rgb.subarray(at, at + 3)];
  });

const furthest = (found: readonly number[][]) =>
  Math.max(...bars.flatMap((bar, i) => bar.map((level, c) => Math.abs(level - (found[i]?.[c] ?? 999)))));

it('an exported video has its colours for who reads what the file says of them', async () => {
  expect((await probe(video)).video).toMatchObject({
    ...{ colorMatrix: 'smpte170m', colorPrimaries: 'bt709', colorTransfer: 'bt709', colorRange: 'tv' },
  });
  let found: number[][] = [];
  await decodeFrames(video, { ...size, pixelFormat: 'rgb24', to: 1 }, (_, rgb) => {
    found = middles(rgb);
  });
  expect(furthest(found)).toBeLessThan(5);
});

/** OpenCV before 4.14, by which ai-toolkit reads, converts by BT.601 whatever a file says; this one looks. */
it('and the same for OpenCV', async (test) => {
  const missing = await missingPackages('cv2');
  if (missing) return test.skip(missing);
  const rgb = (await readWith(
    'read_dataset.py',
    ['opencv', video],
    workspace.context.paths.root,
  )) as number[];
  expect(furthest(middles(Uint8Array.from(rgb)))).toBeLessThan(5);
});

/** PyAV before 17 and OpenCV before 4.14 (github.com/PyAV-Org/PyAV/issues/873, github.com/opencv/opencv/issues/20513). */
it('and the same for readers that take every video for BT.601', async () => {
  let found: number[][] = [];
  const told = { ...((await probe(video)).video as PictureFacts), colorMatrix: null };
  const untagged = join(workspace.context.paths.root, 'untagged.mp4');
  await runFfmpeg([
    '-v',
    'error',
    '-i',
    video,
    '-c',
    'copy',
    '-bsf:v',
    'h264_metadata=matrix_coefficients=2',
    untagged,
  ]);
  await decodeFrames(untagged, { ...size, pixelFormat: 'rgb24', to: 1, video: told }, (_, rgb) => {
    found = middles(rgb);
  });
  expect(furthest(found)).toBeLessThan(5);
});
