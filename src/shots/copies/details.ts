import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { listFiles } from '../../catalog/index.ts';
import type { Context } from '../../jobs/index.ts';
import type { Rectangle } from '../schema.ts';
import { activePictures, getShot } from '../store.ts';
import { lumaPlane } from '../thumbnail.ts';
import { detailHeight, detailWidth } from './detail.ts';

/** Pictures held at a time, 60 KB each. */
const held = 200;

/**
 * Reads the active picture of a shot's middle frame, `detailWidth x detailHeight` luma bytes a picture, from its
 * thumbnail; null where it has none (any more). No master is opened for it.
 */
export async function detailsIn({
  db,
  paths,
}: Pick<Context, 'db' | 'paths'>): Promise<(shot: string) => Promise<Float32Array | null>> {
  const active = await activePictures(db);
  const sizes = new Map((await listFiles(db)).map(({ id, facts }) => [id, facts]));
  const known = new Map<string, Promise<Float32Array | null>>();
  const read = async (id: string) => {
    const shot = await getShot(db, id);
    const size = shot && sizes.get(shot.fileId);
    const picture = shot && (shot.facts.activePicture ?? active.get(shot.fileId));
    if (!size || !picture || shot.thumbnail === null) return null;
    if (relative(paths.thumbnails, shot.thumbnail).startsWith('..')) return null;
    return detailOf(shot.thumbnail, size, picture);
  };
  return (shot) => {
    const found = known.get(shot) ?? read(shot);
    known.delete(shot);
    known.set(shot, found);
    if (known.size > held) known.delete(known.keys().next().value as string);
    return found;
  };
}

/** @param size the stored picture's, in whose pixels `picture` is. A thumbnail that is lost or no picture gives null. */
async function detailOf(
  thumbnail: string,
  size: { width: number; height: number },
  picture: Rectangle,
): Promise<Float32Array | null> {
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await readFile(thumbnail)
    .then(loadImage)
    .catch(() => null);
  if (!image) return null;
  const [across, down] = [image.width / size.width, image.height / size.height];
  const context = createCanvas(detailWidth, detailHeight).getContext('2d');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    image,
    ...([picture.x * across, picture.y * down, picture.width * across, picture.height * down] as const),
    ...([0, 0, detailWidth, detailHeight] as const),
  );
  return lumaPlane(context.getImageData(0, 0, detailWidth, detailHeight).data, 4);
}
