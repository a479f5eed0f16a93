import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeFrames, type Pulldown } from '../media/index.ts';
import { createBarFinder } from './bars.ts';
import type { FileFacts, Rectangle, Span } from './schema.ts';
import { type Gradients, gradientsOf, thumbnailOf, writeThumbnail } from './thumbnail.ts';

/** The picture's size and shape, as the catalogue knows it. */
export interface PictureShape {
  width: number;
  height: number;
  /** Width of a stored pixel to its height. */
  pixelAspect: number;
  /** 3:2 pulldown that is undone. */
  pulldown?: Pulldown | undefined;
}

export interface PictureOptions {
  /** Where the thumbnail of each shot goes, in the order of the shots. */
  thumbnails: readonly string[];
  onFrames?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Frames looked at for bars in a film of few shots, and in any shot. */
const fewestLooks = 24;
const looksPerShot = 3;

/**
 * Looks at three frames of each shot in stored pixels: writes a thumbnail of the middle one, and finds the black bars of the
 * file and of shots that have others. Films of few shots are looked at in more places.
 * @returns the picture between the bars of each shot, and the gradients of its middle frame, for its sharpness inside them
 */
export async function readPictures(
  path: string,
  shape: PictureShape,
  shots: readonly Span[],
  { thumbnails, onFrames, signal }: PictureOptions,
): Promise<{ facts: FileFacts; pictures: Rectangle[]; gradients: Gradients[] }> {
  const bars = createBarFinder(shape.width, shape.height, shape.pixelAspect);
  const gradients: Gradients[] = [];
  const shotOf = new Map(shots.map((shot, i) => [middleOf(shot), i]));
  const { width, height, pulldown } = shape;
  const looks = looksOf(shots);
  const only = [...looks.keys()];
  if (thumbnails[0] === undefined) return { facts: bars.find(), pictures: [], gradients };
  await mkdir(dirname(thumbnails[0]), { recursive: true });
  const look = { width, height, pixelFormat: 'rgb24', toneMap: true, pulldown, only, signal } as const;
  await decodeFrames(path, look, async (index, rgb) => {
    onFrames?.(index + 1);
    bars.add(rgb, looks.get(index) as number);
    const shot = shotOf.get(index);
    if (shot === undefined) return;
    const thumbnail = thumbnailOf(rgb, width, height, shape.pixelAspect);
    gradients[shot] = gradientsOf(thumbnail);
    await writeThumbnail(thumbnail, thumbnails[shot] as string);
  });
  const facts = bars.find();
  const pictures = shots.map((_, i) => bars.findIn(i) ?? facts.activePicture);
  return { facts, pictures, gradients };
}

const middleOf = (shot: Span): number => (shot.in + shot.out) >> 1;

/** Frames to look at, in order, each with its shot: the middle of every shot, and others evenly spaced. */
function looksOf(shots: readonly Span[]): Map<number, number> {
  const each = Math.max(looksPerShot, Math.ceil(fewestLooks / Math.max(1, shots.length)));
  const spaced = (shot: Span) =>
    Array.from({ length: each - 1 }, (_, i) => shot.in + Math.floor(((shot.out - shot.in) * (i + 1)) / each));
  const looks = shots.flatMap((shot, i) => [middleOf(shot), ...spaced(shot)].map((at) => [at, i] as const));
  return new Map(looks.toSorted(([a], [b]) => a - b));
}
