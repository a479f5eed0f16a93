import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeWithStills, encodeVideo } from './index.ts';
import { fewThreads, mediaThreads } from './run.ts';

const [width, height] = [64, 48];
const size = { width: 16, height: 12 };

const ffmpeg = process.env.BACKLOT_FFMPEG || 'ffmpeg';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-threads-'));
  path = join(folder, 'film.mp4');
  const frames = Array.from({ length: 60 }, (_, n) =>
    Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7 + n * n * 3 + ((i * n) >> 5)) % 256),
  );
  await encodeVideo({ path, width, height, fps: '24/1', frames, crf: 20 });
}, 60_000);
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** All that a pass is given, and the arguments by which ffmpeg gave it. @param change what a shell does to them first */
async function passOf(change = '') {
  const [program, told] = [join(folder, 'ffmpeg.sh'), join(folder, 'arguments')];
  await writeFile(program, `#!/bin/bash\n${change}\nprintf '%s\\n' "$@" > ${told}\nexec ${ffmpeg} "$@"\n`);
  await chmod(program, 0o755);
  vi.stubEnv('BACKLOT_FFMPEG', program);
  const options = { ...size, pixelFormat: 'rgb24', rough: true, stills: { ...size, every: 12 } } as const;
  const given: string[] = [];
  const say = (...some: (number | Buffer)[]) =>
    void given.push(some.map((one) => (typeof one === 'number' ? one : one.toString('hex'))).join());
  await decodeWithStills(path, options, say, ({ index, picture, rows, columns }) =>
    say(index, picture, rows, columns),
  );
  return { given: given.sort(), words: (await readFile(told, 'utf8')).split('\n') };
}

describe('threads of a pass', () => {
  it('are one for a picture of 720p, more for larger ones, and no more than there are cores', () => {
    const h264 = { codec: 'h264', pixelFormat: 'yuv420p' };
    expect(fewThreads({ ...h264, width: 1280, height: 720 })).toBe(1);
    expect(fewThreads({ ...h264, width: 720, height: 576 })).toBe(1);
    expect(fewThreads({ ...h264, width: 1920, height: 1080 })).toBe(Math.min(3, mediaThreads()));
    expect(fewThreads({ ...h264, width: 15_360, height: 8640 })).toBe(mediaThreads());
  });

  it('are all where a frame costs more to decode than was measured, as of masters by pictures', () => {
    const all = ['jpeg2000', 'prores', 'dnxhd', 'exr', 'png', 'dpx', 'ffv1', 'av1'].map((codec) =>
      fewThreads({ codec, pixelFormat: 'yuv420p', width: 1280, height: 720 }),
    );
    expect(new Set(all)).toEqual(new Set([mediaThreads()]));
    const deep = { codec: 'h264', pixelFormat: 'yuv422p10le', width: 1280, height: 720 };
    expect(fewThreads(deep)).toBe(mediaThreads());
  });

  it('decode the same bytes, few or many', async () => {
    const few = await passOf();
    const many = await passOf(
      'for i in $(seq $#); do if [ "$d" = -threads ] && [ ! "$s" ]; then set -- "$@" 4; s=1; else set -- "$@" "$1"; fi; d=$1; shift; done',
    );
    expect(few.words.slice(4, 6)).toEqual(['-threads', '1']);
    expect(many.words.slice(4, 6)).toEqual(['-threads', '4']);
    expect(few.given.length).toBeGreaterThan(60);
    expect(many.given).toEqual(few.given);
  }, 60_000);

  it('take none for what ffmpeg only copies: each small frame would wake one', async () => {
    const { words } = await passOf();
    const outputs = words.join(' ').split(' -map ').slice(1);
    expect(outputs).toHaveLength(4);
    for (const output of outputs) expect(output).toMatch(/ -threads 1 /);
  }, 60_000);
});
