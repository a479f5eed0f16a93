import { fileUrl, runFfmpeg } from '../../src/media/index.ts';
import { CLIP } from '../../src/sample/index.ts';

/** What is done to a copy: filters of ffmpeg, and x264's quality. `crop` takes 5 % off each side: 19 % of the area. */
export interface Attack {
  name: string;
  filters: string[];
  crf: number;
}

const half = 'scale=trunc(iw/4)*2:trunc(ih/4)*2';
const crop = 'crop=trunc(iw*0.45)*2:trunc(ih*0.45)*2';
const brighter = 'eq=brightness=0.1';

export const ATTACKS: readonly Attack[] = [
  { name: 'H.264 at crf 30', filters: [], crf: 30 },
  { name: 'half size', filters: [half], crf: 18 },
  { name: '5 % off each side', filters: [crop], crf: 18 },
  { name: '10 % brighter', filters: [brighter], crf: 18 },
  { name: 'all four', filters: [crop, half, brighter], crf: 30 },
];

/** Each take begins with a whole picture and none looks at another's: as if each were a file of its own. */
export const APART = `keyint=${CLIP.frames}:min-keyint=${CLIP.frames}:scenecut=0`;

/** Encodes a copy. The fastest preset: it keeps least of the picture at a given crf. */
export async function attack(from: string, to: string, { filters, crf }: Attack): Promise<void> {
  const filter = filters.length > 0 ? ['-vf', filters.join(',')] : [];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', `${crf}`, '-x264-params', APART];
  const args = ['-v', 'error', '-threads', '1', '-i', fileUrl(from), ...filter, ...codec];
  await runFfmpeg([...args, '-threads', '1', '-pix_fmt', 'yuv420p', '-y', fileUrl(to)]);
}

/** The takes as they are handed over: twice the size, nearly lossless. */
export async function deliver(to: string, frames: Iterable<Uint8Array>): Promise<void> {
  const size = `${CLIP.width}x${CLIP.height}`;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', CLIP.fps, '-i', 'pipe:0'];
  const scale = `scale=${CLIP.width * 2}:${CLIP.height * 2}:flags=bicubic,format=yuv420p`;
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-x264-params', APART];
  await runFfmpeg(['-v', 'error', ...raw, '-vf', scale, ...codec, '-threads', '1', '-y', fileUrl(to)], {
    stdin: frames,
  });
}
