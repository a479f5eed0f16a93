import { type FileHandle, open } from 'node:fs/promises';
import { BacklotError } from '../contract/index.ts';
import { decodeFrames, type FieldsFirst, type Pulldown } from '../media/index.ts';
import { nothingIn } from '../shots/index.ts';
import { sha256 } from './canonical.ts';
import type { Box } from './geometry.ts';

/** One film to cut: `windows` are lists of decoded frames, ascending, each of the same length. */
export interface FilmCut {
  path: string;
  crop: Box;
  width: number;
  height: number;
  deinterlace: boolean | FieldsFirst;
  /** 3:2 pulldown that is undone in place of deinterlacing. */
  pulldown?: Pulldown | undefined;
  /** Standard deviation of the clips' blur in pixels; 0: none. */
  soften: number;
  windows: readonly (readonly number[])[];
}

export interface CutOptions {
  signal?: AbortSignal;
  onFrame?: (done: number, total: number) => void;
}

/** What became of a window. `nothing`: it shows nothing from beginning to end, black or one other colour. */
export interface CutClip {
  id: string;
  nothing: ReturnType<typeof nothingIn>;
}

/** A clip while its frames come in: raw uint8, frames x height x width x RGB. */
interface OpenClip {
  window: number;
  bytes: Buffer;
  missing: number;
}

/**
 * Decodes the film once and writes its clips to `target`, one after the other in the order of `windows`.
 * Only clips that are open at the current frame are in memory.
 * @returns for each of `windows` the sha256 of its clip's bytes, and whether the clip shows nothing
 * @throws BacklotError `film-too-short` where the film ends before the last frame asked for; what media throws
 */
export async function cutClips(film: FilmCut, target: string, options: CutOptions = {}): Promise<CutClip[]> {
  const clips: CutClip[] = new Array(film.windows.length);
  const file = await open(target, 'w');
  try {
    await eachClip(film, options, async (clip) => {
      clips[clip.window] = { id: sha256(clip.bytes), nothing: nothingIn(lightOf(clip.bytes)) };
      await writeAt(file, clip);
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return clips;
}

type Needs = Map<number, { window: number; place: number }[]>;

/** For each frame, the clips that show it and where in them. */
function needsOf(windows: FilmCut['windows']): Needs {
  const needs: Needs = new Map();
  windows.forEach((frames, window) => {
    frames.forEach((frame, place) => {
      const users = needs.get(frame) ?? [];
      needs.set(frame, users);
      users.push({ window, place });
    });
  });
  return needs;
}

/**
 * Decodes the film once and hands over each clip as soon as its last frame is there; decoding waits meanwhile.
 * Clips that are open at the same frame are in memory together.
 * @param done may use the clip's bytes until it returns
 * @throws BacklotError `film-too-short`, what media throws
 */
export async function eachClip(
  film: FilmCut,
  options: CutOptions,
  done: (clip: OpenClip) => Promise<void>,
): Promise<void> {
  const needs = needsOf(film.windows);
  const { from, to } = spanOf(film.windows);
  const openClips = new Map<number, OpenClip>();
  const spare: Buffer[] = [];
  const missing = new Set(film.windows.keys());
  await decodeFrames(film.path, { ...lookOf(film), from, to, ...signalOf(options) }, async (frame, bytes) => {
    for (const { window, place } of needs.get(frame) ?? []) {
      const clip = openClips.get(window) ?? opened(film, window, bytes.length, spare);
      openClips.set(window, clip);
      bytes.copy(clip.bytes, place * bytes.length);
      clip.missing -= 1;
      if (clip.missing > 0) continue;
      openClips.delete(window);
      missing.delete(window);
      await done(clip);
      spare.push(clip.bytes);
    }
    options.onFrame?.(frame + 1 - from, to - from);
  });
  for (const window of missing) throw tooShort(film, window);
}

/** From the first frame that a window needs to the one after the last. */
function spanOf(windows: FilmCut['windows']): { from: number; to: number } {
  const from = windows.reduce((least, frames) => Math.min(least, frames[0] ?? 0), Number.POSITIVE_INFINITY);
  return { from, to: 1 + windows.reduce((most, frames) => Math.max(most, frames.at(-1) ?? 0), 0) };
}

const lookOf = ({ width, height, crop, deinterlace, pulldown, soften }: FilmCut) => ({
  ...{ width, height, crop, deinterlace, pulldown, soften, toneMap: true },
  pixelFormat: 'rgb24' as const,
});

const signalOf = ({ signal }: CutOptions) => (signal ? { signal } : {});

/** Mean and standard deviation of the green of all pixels of a clip, in grey levels. */
function lightOf(rgb: Buffer): { luma: number; contrast: number } {
  const count = rgb.length / 3;
  let sum = 0;
  let squares = 0;
  for (let at = 1; at < rgb.length; at += 3) {
    const green = rgb[at] as number;
    sum += green;
    squares += green * green;
  }
  const luma = sum / count;
  return { luma, contrast: Math.sqrt(Math.max(0, squares / count - luma ** 2)) };
}

/** Bytes of a clip that is done serve for the next: tens of megabytes each, which would pile up until they are collected. */
function opened(film: FilmCut, window: number, frameBytes: number, spare: Buffer[]): OpenClip {
  const frames = film.windows[window]?.length ?? 0;
  return { window, bytes: spare.pop() ?? Buffer.alloc(frames * frameBytes), missing: frames };
}

async function writeAt(file: FileHandle, clip: OpenClip): Promise<void> {
  await file.write(clip.bytes, 0, clip.bytes.length, clip.window * clip.bytes.length);
}

function tooShort(film: FilmCut, window: number): BacklotError {
  return new BacklotError('film-too-short', {
    expected: `frame ${film.windows[window]?.at(-1)}, which the catalogue counted`,
    where: film.path,
    found: 'a film that ends before it',
    remedy: 'The file changed or no longer reads whole: add it to the catalogue again.',
  });
}
