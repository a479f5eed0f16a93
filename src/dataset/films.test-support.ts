import { encodeVideo } from '../media/index.ts';

const width = 192;
const height = 128;
const block = 16;

/** Level of a block of the picture, 0..255. */
export type Paint = (frame: number, column: number, row: number) => number;

/** A grey film of 12 x 8 painted blocks, lossless up to the colour conversion. */
export async function writeFilm(path: string, frames: number, paint: Paint): Promise<void> {
  await encodeVideo({ path, width, height, fps: '24', crf: 0, frames: painted(frames, paint) });
}

function* painted(frames: number, paint: Paint): Generator<Uint8Array> {
  for (let frame = 0; frame < frames; frame++) {
    const bytes = Buffer.alloc(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let column = 0; column < width / block; column++) {
        const at = (y * width + column * block) * 3;
        bytes.fill(paint(frame, column, Math.floor(y / block)), at, at + block * 3);
      }
    }
    yield bytes;
  }
}
