import { runFfmpeg } from '../../src/media/index.ts';

/**
 * The named peer: ffmpeg's `scdet` filter at its default threshold of 10, run through the same door as our own decoding.
 * @returns first frames of what it calls scene changes
 */
export async function scdetCuts(path: string): Promise<number[]> {
  let text = '';
  const filter = 'scdet=t=10,metadata=mode=print:key=lavfi.scd.time:file=-';
  const args = ['-v', 'error', '-threads', '2', '-i', `file:${path}`, '-map', '0:V:0', '-vf', filter];
  await runFfmpeg([...args, '-fps_mode', 'passthrough', '-f', 'null', '-'], {
    onStdout: (chunk) => {
      text += chunk.toString();
    },
  });
  return [...text.matchAll(/^frame:(\d+)/gm)].map(([, frame]) => Number(frame));
}

/** Decodes the picture and throws it away. */
export const bareDecode = (path: string): Promise<void> =>
  runFfmpeg(['-v', 'error', '-threads', '2', '-i', `file:${path}`, '-map', '0:V:0', '-f', 'null', '-']);
