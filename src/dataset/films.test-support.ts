import { encodeVideo } from '../media/index.ts';

const width = 192;
const height = 128;

type Colour = (frame: number) => readonly [number, number, number];

/** A film of flat frames whose colour says which frame it is; lossless up to the colour conversion. */
export async function writeFlatFilm(path: string, frames: number, colour: Colour, fps = '24'): Promise<void> {
  await encodeVideo({ path, width, height, fps, crf: 0, frames: flatFrames(frames, colour) });
}

function* flatFrames(frames: number, colour: Colour): Generator<Uint8Array> {
  for (let frame = 0; frame < frames; frame++) {
    const bytes = Buffer.alloc(width * height * 3);
    bytes.fill(Buffer.from(colour(frame)));
    yield bytes;
  }
}
