import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacklotError, type JobInput } from '../contract/index.ts';
import { freezeOptionsSchema } from '../dataset/index.ts';
import { decodeFrames, probe } from '../media/index.ts';

export interface FrameSize {
  width: number;
  height: number;
}

/** Blur in pixels that clips have unless asked otherwise: the shipped base knows no sharper picture. */
const SOFTNESS = freezeOptionsSchema.shape.soften.parse(undefined);

/**
 * A picture as the engine reads a first frame: raw uint8 height x width x RGB, resized to cover and cropped in the
 * middle. Written under the name of its hash, so that the same picture is the same input.
 */
export async function firstFrameInput(picture: string, size: FrameSize, folder: string): Promise<JobInput> {
  const crop = await centreCrop(picture, size);
  // A picture of the model's own size is a frame of a clip, which is soft already.
  const soften = crop.width === size.width && crop.height === size.height ? 0 : SOFTNESS;
  let bytes: Buffer | null = null;
  await decodeFrames(picture, { ...size, crop, pixelFormat: 'rgb24', soften, from: 0, to: 1 }, (_, frame) => {
    bytes = Buffer.from(frame);
  });
  if (bytes === null) throw noPicture(picture);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${sha256}.rgb`);
  await writeFile(path, bytes);
  return { path, sha256 };
}

/** The largest rectangle of the wanted shape in the middle of the picture. */
async function centreCrop(picture: string, { width, height }: FrameSize) {
  const { video } = await probe(picture);
  if (!video) throw noPicture(picture);
  const scale = Math.min(video.width / width, video.height / height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  return { x: Math.floor((video.width - w) / 2), y: Math.floor((video.height - h) / 2), width: w, height: h };
}

const noPicture = (picture: string): BacklotError =>
  new BacklotError('no-picture', {
    expected: 'a picture that can be decoded',
    where: picture,
    found: 'none',
    remedy: 'Give a PNG or JPEG as `first`.',
  });
