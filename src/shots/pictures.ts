import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeFrames } from '../media/index.ts';
import { createBarFinder } from './bars.ts';
import type { FileFacts, Span } from './schema.ts';
import { type Gradients, gradientsOf, thumbnailOf, writeThumbnail } from './thumbnail.ts';

/** The picture's size and shape, as the catalogue knows it. */
export interface PictureShape {
  width: number;
  height: number;
  /** Width of a stored pixel to its height. */
  pixelAspect: number;
}

export interface PictureOptions {
  /** Where the thumbnail of each shot goes, in the order of the shots. */
  thumbnails: readonly string[];
  onFrames?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Frames looked at for bars in a film of few shots. */
const fewestLooks = 24;

/**
 * Looks at the middle frame of each shot in stored pixels: writes its thumbnail, and finds the file's black bars. Films of
 * few shots are looked at in more places.
 * @returns the gradients of each shot's middle frame, for its sharpness inside the bars
 */
export async function readPictures(
  path: string,
  shape: PictureShape,
  shots: readonly Span[],
  { thumbnails, onFrames, signal }: PictureOptions,
): Promise<{ facts: FileFacts; gradients: Gradients[] }> {
  const bars = createBarFinder(shape.width, shape.height);
  const gradients: Gradients[] = [];
  const shotOf = new Map(shots.map((shot, i) => [middleOf(shot), i]));
  const { width, height } = shape;
  const only = looks(shots);
  if (thumbnails[0] === undefined) return { facts: bars.find(), gradients };
  await mkdir(dirname(thumbnails[0]), { recursive: true });
  await decodeFrames(path, { width, height, pixelFormat: 'rgb24', only, signal }, async (index, rgb) => {
    onFrames?.(index + 1);
    bars.add(rgb);
    const shot = shotOf.get(index);
    if (shot === undefined) return;
    const thumbnail = thumbnailOf(rgb, width, height, shape.pixelAspect);
    gradients[shot] = gradientsOf(thumbnail);
    await writeThumbnail(thumbnail, thumbnails[shot] as string);
  });
  return { facts: bars.find(), gradients };
}

const middleOf = (shot: Span): number => (shot.in + shot.out) >> 1;

/** The middles of all shots, and evenly spaced frames beside them where the shots are few; in order. */
function looks(shots: readonly Span[]): number[] {
  const more = Math.ceil(fewestLooks / Math.max(1, shots.length));
  const spaced = shots.flatMap((shot) =>
    Array.from({ length: more - 1 }, (_, i) => shot.in + Math.floor(((shot.out - shot.in) * (i + 1)) / more)),
  );
  return [...new Set([...shots.map(middleOf), ...spaced])].sort((a, b) => a - b);
}
