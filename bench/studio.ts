import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ClipLine, DatasetInput } from '../src/contract/index.ts';
import { manifestOf } from '../src/dataset/canonical.ts';
import { CLIP, CLIP_BYTES, clipCanvas, renderClip } from '../src/sample/clips.ts';
import { planFilm, type StoryShot } from '../src/sample/plan.ts';
import { rngOf, shuffled } from '../src/sample/random.ts';
import { titleOf } from '../src/sample/titles.ts';
import { sealRendered } from '../src/trust/index.ts';

const RATE = 12;
/** As the dataset stage samples: a clip starts every half clip. */
const STRIDE = 8;
/** Every fifth scene is held out. */
const HELDOUT_EVERY = 5;
/** Clips that a shot gives on average, a little less than it really does. */
const CLIPS_A_SHOT = 1.9;
const FEWEST_SHOTS = 20;
const SHARD = 'shard-00000.u8';

interface Window {
  slug: string;
  shot: StoryShot;
  name: string;
  start: number;
  split: ClipLine['split'];
}

/**
 * A snapshot as the dataset stage would freeze it from a film of each title, drawn without making the films.
 * @param clips how many training clips it has, as many of each title; held-out clips are those of whole scenes beside them
 */
export async function studioSnapshot(
  dir: string,
  slugs: readonly string[],
  clips: number,
  seed: number,
): Promise<DatasetInput> {
  const windows = slugs.flatMap((slug) => windowsOf(slug, Math.round(clips / slugs.length), seed));
  mkdirSync(dir, { recursive: true });
  const file = openSync(join(dir, SHARD), 'w');
  const canvas = clipCanvas();
  const lines: ClipLine[] = [];
  for (const [index, window] of windows.entries()) {
    const pixels = renderClip({ spec: window.shot.spec, start: window.start / RATE }, CLIP, canvas);
    writeSync(file, pixels);
    lines.push(lineOf(window, pixels, index));
    // The canvas frees native memory only between turns of the event loop.
    await setImmediate();
  }
  closeSync(file);
  const manifest = manifestOf(lines);
  writeFileSync(join(dir, 'manifest.jsonl'), manifest);
  const dataset = { path: dir, digest: createHash('sha256').update(manifest).digest('hex') };
  await sealRendered(dataset);
  return dataset;
}

function windowsOf(slug: string, clips: number, seed: number): Window[] {
  const shots = Math.max(FEWEST_SHOTS, Math.ceil((clips / CLIPS_A_SHOT) * 1.3));
  const plan = planFilm({
    title: titleOf(slug),
    seed,
    shots,
    fps: '24/1',
    startTimecode: '01:00:00:00',
    letterbox: false,
    credits: [],
  });
  const story = plan.parts.filter((part): part is StoryShot => part.kind === 'story' && !part.guest);
  const all = story.flatMap((shot, i) => shotWindows(slug, shot, `${slug}-${String(i).padStart(3, '0')}`));
  const train = shuffled(
    rngOf('studio', slug, seed),
    all.filter(({ split }) => split === 'train'),
  );
  if (train.length < clips) throw new Error(`${slug}: ${train.length} training clips, wanted ${clips}`);
  return [...train.slice(0, clips), ...all.filter(({ split }) => split === 'heldout')];
}

function shotWindows(slug: string, shot: StoryShot, name: string): Window[] {
  const frames = Math.floor(shot.spec.seconds * RATE);
  const split = shot.scene % HELDOUT_EVERY === 0 ? 'heldout' : 'train';
  const windows: Window[] = [];
  for (let start = 0; start + CLIP.frames <= frames; start += STRIDE)
    windows.push({ slug, shot, name, start, split });
  return windows;
}

function lineOf({ slug, shot, name, split }: Window, pixels: Buffer, index: number): ClipLine {
  return {
    id: createHash('sha256').update(pixels).digest('hex'),
    shard: SHARD,
    offset: index * CLIP_BYTES,
    bytes: pixels.length,
    frames: CLIP.frames,
    height: CLIP.height,
    width: CLIP.width,
    fps: CLIP.fps,
    caption: shot.caption,
    captionSource: 'shot_list',
    title: slug,
    shot: name,
    scene: `${slug}-scene-${shot.scene}`,
    split,
  };
}
