import { localOnly } from './probe.ts';
import { fileUrl, runFfmpeg } from './run.ts';

/** Samples a second of decoded sound. */
export const soundRate = 16_000;

/**
 * Decodes a film's first sound track into a file of 16-bit little-endian samples, mixed to one channel; the first sample is
 * at the container's start, as timestamps of frames are, and gaps are silent.
 * @throws BacklotError `ffmpeg-failed` where there is none, or it cannot be read
 */
export const decodeSound = (path: string, to: string, signal?: AbortSignal): Promise<void> =>
  runFfmpeg(
    [
      ...['-v', 'error', ...localOnly, '-i', fileUrl(path), '-map', '0:a:0', '-vn', '-sn', '-dn'],
      ...['-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(soundRate)],
      ...['-f', 's16le', '-y', fileUrl(to)],
    ],
    { signal },
  );
