// Renders base worlds or a title straight into the files the engine reads, without making a film first.
import { createHash } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { drawFrame } from './frame.ts';
import { CLIP_SECONDS } from './motion.ts';
import { type Rng, rngOf } from './random.ts';
import { soften } from './soften.ts';
import type { ShotSpec, Title } from './spec.ts';
import { anyTale } from './tales.ts';
import { reservedCombos, titleCaption, titleOf, titleShot, titleWords } from './titles.ts';
import { worldCaption, worldShot, worldWords } from './worlds.ts';

export interface ClipSize {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  readonly fps: string;
  /** Standard deviation in pixels of the blur it is given. */
  readonly softness: number;
}

/** As the dataset step makes clips (its default blur). */
export const CLIP: ClipSize = { frames: 17, height: 64, width: 96, fps: '12/1', softness: 1 };
/** What an upscaler should make of the beginning of a clip: the same drawing, four times as wide and high, and sharp. */
export const SHARP: ClipSize = { frames: 5, height: 256, width: 384, fps: '12/1', softness: 0 };
export const bytesOf = ({ frames, height, width }: ClipSize): number => frames * height * width * 3;
export const CLIP_BYTES = bytesOf(CLIP);
const FRAME_SECONDS = 1 / 12;
/** Frames are drawn at twice the size and averaged down. */
const OVERSAMPLE = 2;
/** How far from the middle of a place a camera may stand, in frame heights: as in the films. */
const ORIGINS = 0.6;

export interface ClipPlan {
  readonly spec: ShotSpec;
  /** Where in the shot the clip begins, in seconds. */
  readonly start: number;
  readonly caption: string;
  readonly title: string;
  readonly split: 'train' | 'heldout';
  /** What of a held-out clip was never trained on: nothing but this drawing of it, its look, or its scene. */
  readonly novelty: 'none' | 'look' | 'scene' | 'combination';
}

/** `worlds` (fellows and tales), `fellows` or `title:<slug>`. Clip `index` depends on kind, seed and index alone, so any part can be rendered apart. */
export function planClip(kind: string, seed: number, index: number, heldout: number): ClipPlan {
  const rng = rngOf(kind, seed, index);
  const split = rng.chance(heldout) ? 'heldout' : 'train';
  const planned =
    kind === 'worlds' || kind === 'fellows' ? planWorld(rng, kind, split) : planTitle(rng, kind, split);
  return { ...planned, split, start: rng.range(0, planned.spec.seconds - CLIP_SECONDS) };
}

type Planned = Pick<ClipPlan, 'spec' | 'caption' | 'title' | 'novelty'>;

/** Share of the worlds that are tales. */
const TALE_SHARE = 0.4;

function planWorld(rng: Rng, kind: 'worlds' | 'fellows', split: ClipPlan['split']): Planned {
  if (kind === 'worlds' && rng.chance(TALE_SHARE)) {
    const reserved = split === 'heldout' && rng.chance(0.5);
    return { ...planStory(rng, anyTale(rng), reserved), title: 'tales' };
  }
  const novelty = split === 'train' ? 'none' : rng.pick(['none', 'look', 'scene'] as const);
  const words = worldWords(rng, novelty);
  return { spec: worldShot(rng, words), caption: worldCaption(words), title: 'worlds', novelty };
}

function planTitle(rng: Rng, kind: string, split: ClipPlan['split']): Planned {
  const title = titleOf(kind.replace(/^title:/, ''));
  const reserved = split === 'heldout' && reservedCombos(title).size > 0 && rng.chance(0.5);
  return planStory(rng, title, reserved);
}

/** A clip of a title, or of a tale, as its films show them. */
function planStory(rng: Rng, title: Title, reserved: boolean): Planned {
  const words = titleWords(rng, title, reserved);
  const spec = titleShot(rng, title.style, words, rng.range(2.2, 3.6));
  const motion = { ...spec.motion, origin: rng.range(-ORIGINS, ORIGINS) };
  return {
    spec: { ...spec, motion },
    caption: titleCaption(words),
    title: title.slug,
    novelty: reserved ? 'combination' : 'none',
  };
}

/** A canvas for `renderClip`, to be used for many clips of one size. */
export const clipCanvas = ({ width, height }: ClipSize = CLIP) =>
  createCanvas(width * OVERSAMPLE, height * OVERSAMPLE);

/** Draws one clip. Returns frames x height x width x RGB, uint8 in 0..255, row-major. */
export function renderClip(
  plan: Pick<ClipPlan, 'spec' | 'start'>,
  size: ClipSize = CLIP,
  canvas = clipCanvas(size),
): Buffer {
  const { width: w, height: h } = canvas;
  const ctx = canvas.getContext('2d');
  const out = Buffer.allocUnsafe(bytesOf(size));
  for (let i = 0; i < size.frames; i++) {
    drawFrame(ctx, w, h, plan.spec, plan.start + i * FRAME_SECONDS);
    halve(canvas.data(), w, out, i * size.height * size.width * 3);
  }
  if (size.softness > 0) soften(out, size.width, size.height, size.softness);
  return out;
}

/** Averages 2x2 opaque RGBA pixels into RGB. */
function halve(from: Uint8Array, width: number, out: Buffer, offset: number): void {
  const stride = width * 4;
  let o = offset;
  for (let row = 0; row < from.length; row += stride * 2) {
    for (let p = row; p < row + stride; p += 8) {
      for (let c = 0; c < 3; c++) {
        const q = p + c + stride;
        out[o++] =
          ((from[p + c] ?? 0) + (from[p + c + 4] ?? 0) + (from[q] ?? 0) + (from[q + 4] ?? 0) + 2) >> 2;
      }
    }
  }
}

/** One line of `manifest.jsonl`; the keys stand in sorted order, as the canonical form asks. */
export function manifestLine(
  plan: ClipPlan,
  clip: Buffer,
  size: ClipSize,
  shard: string,
  offset: number,
  index: number,
): { id: string; manifest: string; truth: string } {
  const id = createHash('sha256').update(clip).digest('hex');
  const scene = `${plan.title}-${String(index).padStart(6, '0')}`;
  const manifest = JSON.stringify({
    bytes: clip.length,
    caption: plan.caption,
    captionSource: 'shot_list',
    fps: size.fps,
    frames: size.frames,
    height: size.height,
    id,
    offset,
    scene,
    shard,
    shot: scene,
    split: plan.split,
    title: plan.title,
    width: size.width,
  });
  return { id, manifest, truth: truthLine(plan, id) };
}

function truthLine({ spec, caption, novelty, title, split }: ClipPlan, id: string): string {
  const { name, silhouette, texture, held } = spec.character;
  const [, colour] = title === 'worlds' ? caption.split(' ') : [];
  const characters = [{ name, silhouette, texture, held, ...(colour ? { colour } : {}) }];
  const palette = caption.includes(' painted ') ? 'painted' : 'own';
  return JSON.stringify({
    id,
    title,
    split,
    novelty,
    characters,
    set: spec.set.name,
    ...(colour ? { palette } : {}),
    action: spec.action,
    camera: spec.camera,
    time: spec.time,
  });
}
