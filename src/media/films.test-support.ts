import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFfmpeg } from './run.ts';

/** A temporary folder for a test file's films, with a quote, a space and letters that need UTF-8 in its name. */
export async function filmFolder(): Promise<{ at: (name: string) => string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), `backlot "films' ü ${process.pid} `));
  return { at: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Renders a tiny film whose frames can be told apart: frame n is grey, n * 8 levels above black.
 * @param args further ffmpeg arguments for the output, such as a codec
 */
export async function renderFilm(path: string, frames: number, args: readonly string[] = []): Promise<void> {
  const source = `color=black:s=32x16:r=24000/1001,trim=end_frame=${frames},format=gray,geq=lum='N*8'`;
  const codec = args.includes('-c:v') ? [] : ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];
  const input = ['-v', 'error', '-f', 'lavfi', '-i', source];
  await runFfmpeg([...input, ...codec, '-pix_fmt', 'yuv420p', ...args, '-y', `file:${path}`]);
}
