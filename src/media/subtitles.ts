import { localOnly } from './probe.ts';
import { fileUrl, runFfmpeg } from './run.ts';

/**
 * A subtitle track inside a film as WebVTT; times count from the container's start, as timestamps of frames do.
 * @param track 0-based among the film's subtitle tracks; its codec must be one of text
 * @throws BacklotError `ffmpeg-failed`; the signal's reason
 */
export const trackSubtitles = (path: string, track: number, signal?: AbortSignal): Promise<string> =>
  webVtt([...localOnly, '-i', fileUrl(path), '-map', `0:s:${track}`], { signal });

/**
 * A SubStation Alpha script (ASS, SSA) as WebVTT.
 * @throws BacklotError `ffmpeg-failed`
 */
export const scriptSubtitles = (script: string, signal?: AbortSignal): Promise<string> =>
  webVtt([...localOnly, '-f', 'ass', '-i', 'pipe:0'], { signal, stdin: [Buffer.from(script)] });

async function webVtt(
  input: readonly string[],
  options: { signal: AbortSignal | undefined; stdin?: Buffer[] },
): Promise<string> {
  const chunks: Buffer[] = [];
  const onStdout = (chunk: Buffer) => void chunks.push(chunk);
  await runFfmpeg(['-v', 'error', ...input, '-f', 'webvtt', 'pipe:1'], { ...options, onStdout });
  return Buffer.concat(chunks).toString('utf8');
}
