import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { runFfmpeg } from '../../src/media/index.ts';
import { renderStudio } from '../../src/sample/index.ts';
import { FOOTAGE } from '../footage.ts';

/** A film that is sound, or odd as it was shot: what the damage starts from. */
export interface Source {
  name: string;
  extension: string;
  bytes: Buffer;
}

/** A second of a drawn film in each container and codec that archives hold; small, because a thousand are decoded. */
const FORMS: readonly { extension: string; args: readonly string[] }[] = [
  { extension: '.mp4', args: ['-c:v', 'libx264', '-g', '12', '-bf', '2', '-movflags', '+faststart'] },
  { extension: '.mov', args: ['-c:v', 'prores', '-profile:v', '0'] },
  { extension: '.mkv', args: ['-c:v', 'libx264', '-g', '12'] },
  { extension: '.ts', args: ['-c:v', 'mpeg2video', '-q:v', '4'] },
  { extension: '.mxf', args: ['-c:v', 'mpeg2video', '-q:v', '4'] },
  { extension: '.avi', args: ['-c:v', 'mpeg4', '-q:v', '4'] },
  { extension: '.webm', args: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'] },
  { extension: '.h264', args: ['-c:v', 'libx264', '-g', '12', '-f', 'h264'] },
];

/** Awkward files over this would decode for too long. */
const SMALL_BYTES = 160_000;

/** Drawn films of the sample studio in every form, and the small ones of the awkward files where those are there. */
export async function sourcesIn(dir: string, seed: number): Promise<Source[]> {
  const { titles } = await renderStudio({ dir: join(dir, 'studio'), seed, size: 'tiny' });
  const drawn: Source[] = [];
  for (const [index, { extension, args }] of FORMS.entries()) {
    const film = titles[index % titles.length] as (typeof titles)[number];
    const path = join(dir, `drawn${extension}`);
    const cut = ['-v', 'error', '-ss', '2', '-i', `file:${film.file}`, '-t', '1', '-vf', 'scale=192:-2'];
    await runFfmpeg([...cut, ...args, '-pix_fmt', pixels(extension), '-an', '-y', `file:${path}`]);
    drawn.push(await sourceAt(path));
  }
  return [...drawn, ...(await awkward())];
}

const pixels = (extension: string): string => (extension === '.mov' ? 'yuv422p10le' : 'yuv420p');

async function awkward(): Promise<Source[]> {
  const folder = join(FOOTAGE, 'awkward');
  if (!existsSync(folder)) return [];
  const small: Source[] = [];
  for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
    const facts = await stat(join(folder, name));
    if (facts.isFile() && facts.size <= SMALL_BYTES) small.push(await sourceAt(join(folder, name)));
  }
  return small;
}

const sourceAt = async (path: string): Promise<Source> => ({
  name: basename(path, extname(path)),
  extension: extname(path),
  bytes: await readFile(path),
});
