// node bench/checker/bodies.ts --out DIR
// Rendered clips of every title and, in `bodies.u8`, how much of each pixel of five frames the person covers (0..255, in the
// manifest's order): what palettes.py takes each person's colours from (ADR 0181).
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CLIP, type ClipPlan, clipCanvas, planClip } from '../../src/sample/clips.ts';
import { drawFigure } from '../../src/sample/frame.ts';
import { renderCheckerClips } from './clips.ts';
import { readLines } from './takes.ts';

/** Not the seed of any bench that counts clips. */
const CLIPS = { clipsPerTitle: 100, worlds: 0, seed: 4143, heldout: 0.08 };
/** Every fourth frame, as the checker looks at them. */
const FRAME_STEP = 4;
const FRAMES_A_SECOND = 12;
const FRAMES = Math.ceil(CLIP.frames / FRAME_STEP);
const PIXELS = CLIP.width * CLIP.height;
/** Bytes of a pixel of the canvas, the last of which is alpha. */
const RGBA = 4;

type Canvas = ReturnType<typeof clipCanvas>;

/** frames x height x width, uint8. */
function coverOf({ spec, start }: ClipPlan, canvas: Canvas): Buffer {
  const { width, height } = canvas;
  const ctx = canvas.getContext('2d');
  const out = Buffer.alloc(FRAMES * PIXELS);
  for (let frame = 0; frame < FRAMES; frame++) {
    ctx.clearRect(0, 0, width, height);
    drawFigure(ctx, width, height, spec, start + (frame * FRAME_STEP) / FRAMES_A_SECOND);
    halveAlpha(canvas.data(), width * RGBA, out, frame * PIXELS);
  }
  return out;
}

function halveAlpha(from: Uint8Array, stride: number, out: Buffer, offset: number): void {
  let at = offset;
  for (let row = RGBA - 1; row < from.length; row += stride * 2)
    for (let p = row; p < row + stride; p += RGBA * 2)
      out[at++] =
        ((from[p] ?? 0) + (from[p + RGBA] ?? 0) + (from[p + stride] ?? 0) + (from[p + stride + RGBA] ?? 0)) >>
        2;
}

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('expected --out DIR');
await renderCheckerClips(values.out, CLIPS, () => {});
const canvas = clipCanvas();
const file = openSync(join(values.out, 'bodies.u8'), 'w');
for (const { title, scene } of readLines(values.out)) {
  const index = Number(scene.slice(title.length + 1));
  writeSync(file, coverOf(planClip(`title:${title}`, CLIPS.seed, index, CLIPS.heldout), canvas));
  // As in shards.ts: the canvas frees its memory between turns.
  await setImmediate();
}
closeSync(file);
