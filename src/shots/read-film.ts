import { decodeFrames, parseRate, rateNumber } from '../media/index.ts';
import { createDetector, type Found } from './detector.ts';
import { seenHeight, seenWidth } from './history.ts';
import { createMeasures, type Measures } from './measures.ts';

export interface ReadOptions {
  /** Rational rate of the film. */
  fps: string;
  /** Called for each frame with how many are done. */
  onFrames?: ((done: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Finds the shots of a film and their cheap measures in one decoding pass. Memory does not grow with the picture's size,
 * and by 20 bytes a frame with its length.
 * @throws BacklotError `no-video`, `ffmpeg-failed`, `frame-torn`
 */
export async function readFilm(
  path: string,
  { fps, onFrames, signal }: ReadOptions,
): Promise<{ found: Found; measures: Measures }> {
  const detector = createDetector({ fps: rateNumber(parseRate(fps)) });
  const measures = createMeasures();
  const size = { width: seenWidth, height: seenHeight, pixelFormat: 'rgb24' } as const;
  await decodeFrames(path, { ...size, signal }, (index, pixels) => {
    detector.push(pixels);
    measures.add(pixels);
    onFrames?.(index + 1);
  });
  return { found: detector.finish(), measures };
}
