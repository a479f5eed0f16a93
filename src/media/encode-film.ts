import { formatRate, parseRate } from './rate.ts';
import { fileUrl } from './run.ts';

export interface FilmEncoding {
  /** The MP4 to write. */
  path: string;
  /** Even numbers of pixels. */
  width: number;
  height: number;
  /** Rational, `24000/1001`. */
  fps: string;
  /** Timecode of the first frame, `01:00:00:00`; becomes a timecode track. */
  startTimecode: string;
}

/**
 * Arguments for raw RGBA frames on stdin to H.264 in MP4, yuv420p and tagged BT.709, with a start timecode.
 * One thread and a cheap preset: the frames are drawn on the other core meanwhile, and the bytes do not depend on the machine's cores.
 */
export function filmArguments(film: FilmEncoding): string[] {
  const colours = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv';
  return [
    ...['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${film.width}x${film.height}`],
    ...['-r', formatRate(parseRate(film.fps)), '-i', 'pipe:0'],
    ...[
      '-vf',
      `scale=flags=bicubic+accurate_rnd:out_color_matrix=bt709:out_range=tv,format=yuv420p,${colours}`,
    ],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '17', '-pix_fmt', 'yuv420p', '-threads', '1'],
    ...['-timecode', film.startTimecode, '-fflags', '+bitexact', '-flags:v', '+bitexact'],
    ...['-movflags', '+faststart', '-f', 'mp4', '-y', fileUrl(film.path)],
  ];
}
