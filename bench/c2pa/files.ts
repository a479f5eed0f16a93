import { join } from 'node:path';
import { fileUrl, runFfmpeg } from '../../src/media/index.ts';

/** What is signed: a film, and files of other kinds made of it by ffmpeg. */

const FPS = 24;

/** What is said of the takes when files made of them are handed over. */
export const ANSWERS = {
  purpose: 'temp',
  recreates: 'no',
  productionData: 'no',
  secured: 'yes',
  replaces: 'no',
} as const;

/** ffmpeg's own test picture with light noise over it, encoded quickly: as large as a take of that length. */
export async function makeFilm(path: string, { width, height, seconds }: Size, seed: number) {
  const picture = `testsrc2=size=${width}x${height}:rate=${FPS}:duration=${seconds}`;
  const source = `${picture},noise=alls=6:allf=t:all_seed=${seed}`;
  const how = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-pix_fmt', 'yuv420p'];
  const file = ['-movflags', '+faststart', '-fflags', '+bitexact', '-flags:v', '+bitexact'];
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, ...how, ...file, '-y', fileUrl(path)]);
}

interface Size {
  width: number;
  height: number;
  seconds: number;
}

/** One command of ffmpeg: from a film to another kind of file. */
const convert = (from: string, to: string, ...how: string[]) =>
  runFfmpeg(['-v', 'error', '-i', fileUrl(from), ...how, '-y', fileUrl(to)]);

/** Kinds that a take becomes when it leaves the house: still, ProRes master, frame of a compositor, broadcast file. */
export async function makeKinds(film: string, folder: string): Promise<string[]> {
  const [still, master, frame, broadcast] = [
    'still.png',
    'master.mov',
    'frame.0001.exr',
    'broadcast.mxf',
  ].map((name) => join(folder, name)) as [string, string, string, string];
  const short = ['-frames:v', '24'];
  await convert(film, still, '-frames:v', '1');
  await convert(film, master, ...short, '-c:v', 'prores_ks', '-profile:v', '3');
  await convert(film, frame, '-frames:v', '1', '-pix_fmt', 'gbrpf32le');
  await convert(film, broadcast, ...short, '-c:v', 'mpeg2video', '-b:v', '30M');
  return [still, master, frame, broadcast];
}

/** The film over and over, as one large file. */
export const makeLarge = (film: string, to: string, times: number) =>
  runFfmpeg([
    '-v',
    'error',
    '-stream_loop',
    String(times - 1),
    '-i',
    fileUrl(film),
    '-c',
    'copy',
    '-y',
    fileUrl(to),
  ]);

/** What happens to a manifest when an editing program writes the file anew without encoding it. */
export const rewrapped = (film: string, to: string) => convert(film, to, '-c', 'copy');
