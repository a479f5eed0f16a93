import { availableParallelism, cpus } from 'node:os';
import type { Report } from '../../src/contract/index.ts';
import { CLIP, clipCanvas, planClip, renderClip } from '../../src/sample/clips.ts';
import { TITLES } from '../../src/sample/titles.ts';
import { createCamera } from '../../src/shots/camera.ts';
import { seenHeight, seenWidth } from '../../src/shots/index.ts';
import { cpuOf } from '../shots/cpu.ts';
import type { Row } from '../shots/rows.ts';
import { wilson } from '../shots/score.ts';

const seed = 21;
const fps = 12;

/** Is the camera's move told? On clips of 17 frames drawn from titles of the sample studio, against how they were drawn. */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = Date.now();
  const clips = quick ? 40 : 300;
  const drawn = drawnClips(clips, report);
  const found: string[] = [];
  const seconds = await cpuOf(async () => {
    for (const { frames } of drawn) found.push(moveIn(frames));
  });
  const told = drawn.map(({ camera, time }, i) => ({ drawn: camera, found: found[i] as string, time }));
  const rows = [machine(), ...rowsOf(told), costRow(seconds, clips)];
  return { bench: 'camera', seed, rows, seconds: (Date.now() - started) / 1000 };
}

function drawnClips(count: number, report: Report) {
  const canvas = clipCanvas();
  return Array.from({ length: count }, (_, i) => {
    const plan = planClip(`title:${TITLES[i % TITLES.length]?.slug}`, seed, i, 0);
    report({ phase: 'draw clips', done: i + 1, total: count, unit: 'clips' });
    return {
      frames: seenFrames(renderClip(plan, CLIP, canvas)),
      camera: plan.spec.camera,
      time: plan.spec.time,
    };
  });
}

function moveIn(frames: readonly Float32Array[]): string {
  const camera = createCamera(fps);
  for (const frame of frames) camera.add(frame);
  return camera.over({ in: 0, out: frames.length })?.move ?? 'not told';
}

/** Frames of a clip as the detector sees them: luma at 64 x 36, areas averaged. */
function seenFrames(clip: Buffer): Float32Array[] {
  return Array.from({ length: CLIP.frames }, (_, frame) =>
    Float32Array.from({ length: seenWidth * seenHeight }, (_unused, i) =>
      areaMean(clip, frame, i % seenWidth, Math.floor(i / seenWidth)),
    ),
  );
}

function areaMean(clip: Buffer, frame: number, x: number, y: number): number {
  const [left, right] = [
    Math.floor((x * CLIP.width) / seenWidth),
    Math.ceil(((x + 1) * CLIP.width) / seenWidth),
  ];
  const [top, bottom] = [
    Math.floor((y * CLIP.height) / seenHeight),
    Math.ceil(((y + 1) * CLIP.height) / seenHeight),
  ];
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const at = 3 * ((frame * CLIP.height + row) * CLIP.width + column);
      sum += 0.2126 * (clip[at] ?? 0) + 0.7152 * (clip[at + 1] ?? 0) + 0.0722 * (clip[at + 2] ?? 0);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

function rowsOf(told: readonly { drawn: string; found: string; time: string }[]): Row[] {
  const row = (what: string, some: typeof told): Row => {
    const right = some.filter(({ drawn, found }) => drawn === found).length;
    return {
      what,
      value: Math.round((1000 * right) / some.length) / 1000,
      unit: '',
      n: some.length,
      ...wilson(right, some.length),
    };
  };
  const of = (key: 'drawn' | 'time') =>
    [...Map.groupBy(told, (one) => one[key])].map(([name, some]) =>
      row(`right, of those drawn ${name}`, some),
    );
  const turned = told.filter(
    ({ drawn, found }) => drawn !== 'still' && found !== 'still' && found !== 'not told',
  );
  return [
    row("right move of the camera, sample studio's titles, clips of 1.4 s", told),
    ...of('drawn'),
    ...of('time'),
    row('right, where a move was found and one was drawn', turned),
  ];
}

const costRow = (seconds: number, clips: number): Row => ({
  what: 'processor time, a motion (four a second of film)',
  value: Math.round((1e6 * seconds) / (clips * Math.floor((CLIP.frames * 4) / fps))),
  unit: 'us',
});

const machine = (): Row => ({
  what: `machine: ${availableParallelism()} cores`,
  value: cpus()[0]?.model ?? 'unknown',
  unit: '',
});
