import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder, renderFilm } from './films.test-support.ts';
import { checkDecode, decodeFrames, encodedVideo, encodeVideo, probe, runFfmpeg } from './index.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
const small = { width: 4, height: 4, pixelFormat: 'gray' } as const;

/** Which rendered frame a decoded one is: its grey value in steps of eight. */
async function numbersOf(path: string, options = {}): Promise<number[]> {
  const numbers: number[] = [];
  await decodeFrames(path, { ...small, ...options }, (_, bytes) => {
    numbers.push(Math.round((bytes[0] ?? 0) / 8));
  });
  return numbers;
}

const counting = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

beforeAll(async () => {
  films = await filmFolder();
  await renderFilm(films.at('plain.mp4'), 20, ['-bf', '2', '-timecode', '01:00:00:00']);
  await renderFilm(films.at('gaps.mkv'), 20, ['-vf', "select='not(mod(n,3))'", '-fps_mode', 'passthrough']);
});
afterAll(() => films.remove());

describe('decodeFrames', () => {
  it('gives every frame once, in the order in which it is shown', async () => {
    const indexes: number[] = [];
    const count = await decodeFrames(films.at('plain.mp4'), small, (index) => void indexes.push(index));
    expect(count).toBe(20);
    expect(indexes).toEqual(counting(0, 20));
    expect(await numbersOf(films.at('plain.mp4'))).toEqual(counting(0, 20));
  });

  it('gives exactly the frames asked for', async () => {
    const all = await numbersOf(films.at('plain.mp4'));
    expect(await numbersOf(films.at('plain.mp4'), { from: 7, to: 12 })).toEqual(all.slice(7, 12));
    expect(await numbersOf(films.at('plain.mp4'), { from: 18 })).toEqual(all.slice(18));
    expect(await numbersOf(films.at('plain.mp4'), { to: 2 })).toEqual(all.slice(0, 2));
  });

  it('gives only single frames where it is asked for them, under their own numbers', async () => {
    const all = await numbersOf(films.at('plain.mp4'));
    const only = [0, 3, 4, 17];
    const indexes: number[] = [];
    await decodeFrames(films.at('plain.mp4'), { ...small, only }, (index) => void indexes.push(index));
    expect(indexes).toEqual(only);
    expect(await numbersOf(films.at('plain.mp4'), { only })).toEqual(only.map((index) => all[index]));
    expect(await numbersOf(films.at('plain.mp4'), { only: [] })).toEqual([]);
    expect(await numbersOf(films.at('plain.mp4'), { from: 5, to: 5 })).toEqual([]);
  });

  it('gives the same frames roughly: the same number, each as light', async () => {
    const all = await numbersOf(films.at('plain.mp4'));
    expect(await numbersOf(films.at('plain.mp4'), { rough: true })).toEqual(all);
    expect(await numbersOf(films.at('plain.mp4'), { rough: true, width: 64, height: 48 })).toEqual(all);
  });

  it('fills no gap of a film with a variable rate', async () => {
    expect((await numbersOf(films.at('gaps.mkv'))).length).toBe(7);
  });

  it('gives the frames that are left where most are damaged, as many as the check counts', async () => {
    const path = films.at('most damaged.mov');
    await renderFilm(path, 12, ['-c:v', 'png', '-pix_fmt', 'rgb24']);
    const bytes = await readFile(path);
    const places = [...bytes.toString('latin1').matchAll(/\x89PNG/g)].map(({ index }) => index);
    for (const at of places.slice(1, -1)) bytes.write('gone', at);
    await writeFile(path, bytes);
    expect(await checkDecode(path)).toMatchObject({
      pts: { length: 2 },
      errors: expect.any(Number),
      finished: true,
    });
    expect(await decodeFrames(path, small, () => {})).toBe(2);
  });

  it('gives the frames asked for under their own numbers where the size changes on the way, each in that of the first', async () => {
    const [one, two, both] = [films.at('small.ts'), films.at('large.ts'), films.at('grows.ts')];
    await renderFilm(one, 4);
    await renderFilm(two, 4, ['-vf', 'scale=64:32,drawbox=x=32:y=0:w=32:h=32:color=white:t=fill']);
    await writeFile(both, Buffer.concat([await readFile(one), await readFile(two)]));
    expect(await numbersOf(both)).toHaveLength(8);
    const left = { crop: { x: 0, y: 0, width: 16, height: 16 } };
    expect(await numbersOf(both, { ...left, from: 2 })).toEqual([2, 3, 0, 1, 2, 3]);
    expect(await numbersOf(both, { ...left, from: 5, to: 7 })).toEqual([1, 2]);
    expect(await numbersOf(both, { ...left, only: [1, 6] })).toEqual([1, 2]);
  });

  it('waits for whoever takes the frames', async () => {
    let open = 0;
    await decodeFrames(films.at('plain.mp4'), small, async () => {
      open += 1;
      expect(open).toBe(1);
      await new Promise((done) => setTimeout(done, 2));
      open -= 1;
    });
    expect.assertions(20);
  });

  it('cuts out the part asked for before it scales', async () => {
    const path = films.at('halves.mkv');
    await renderFilm(path, 2, ['-vf', 'drawbox=x=16:y=0:w=16:h=16:color=white:t=fill', '-c:v', 'ffv1']);
    const crop = { x: 20, y: 2, width: 8, height: 8 };
    await decodeFrames(path, { ...small, crop }, (_, bytes) =>
      expect(Math.min(...bytes)).toBeGreaterThan(250),
    );
    expect.assertions(2);
  });

  it('keeps one frame for each when it deinterlaces', async () => {
    const path = films.at('woven.mkv');
    await renderFilm(path, 12, ['-vf', 'setfield=tff', '-c:v', 'ffv1', '-top', '1', '-flags', '+ildct+ilme']);
    expect(await decodeFrames(path, { ...small, deinterlace: true }, () => {})).toBe(12);
  });

  it('shows HDR in the range of a common screen only where that is asked for', async () => {
    const path = films.at('hdr.mkv');
    const tags = ['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'];
    // Code 573 of 10 bits is diffuse white, 203 nits, in PQ (ITU-R BT.2408); 64 is black.
    const halves = "geq=lum='if(lt(X,16),64,573)':cb=512:cr=512";
    await renderFilm(path, 1, [
      '-vf',
      `format=yuv420p10le,${halves}`,
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv420p10le',
      ...tags,
    ]);
    expect((await probe(path)).video).toMatchObject({ hdr: 'pq' });
    const whole = { width: 32, height: 16, pixelFormat: 'rgb24' } as const;
    const ends: [number, number][] = [];
    for (const toneMap of [false, true])
      await decodeFrames(
        path,
        { ...whole, toneMap },
        (_, rgb) => void ends.push([rgb[0] ?? 0, rgb[93] ?? 0]),
      );
    const [[, dull], [black, white]] = ends as [[number, number], [number, number]];
    expect(black).toBeLessThan(6);
    expect(dull).toBeLessThan(155);
    expect(white).toBeGreaterThan(200);
    expect(white).toBeLessThan(240);
  });

  it('brings the colours of BT.2020 into BT.709 where that is asked for, also those of a film that is no HDR', async () => {
    const path = films.at('wide.mkv');
    const tags = ['-color_trc', 'bt709', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'];
    // BT.709's red (200, 60, 60) in BT.2020, by a screen's light (BT.1886, a power of 2.4) and both standards' primaries.
    const red =
      'color=0xA75342:s=32x16,format=gbrp,scale=out_color_matrix=bt2020:out_range=tv,format=yuv444p10le';
    const source = ['-v', 'error', '-f', 'lavfi', '-i', red, '-frames:v', '1'];
    await runFfmpeg([...source, '-c:v', 'ffv1', ...tags, '-y', `file:${path}`]);
    const look = { width: 32, height: 16, pixelFormat: 'rgb24', toneMap: true } as const;
    await decodeFrames(path, look, (_, rgb) => {
      for (const [i, level] of [200, 60, 60].entries())
        expect(Math.abs((rgb[i] as number) - level)).toBeLessThan(4);
    });
    expect.assertions(3);
  });

  it('turns a rotated film upright and says by how much', async () => {
    const [flat, turned] = [films.at('flat.mp4'), films.at('turned.mp4')];
    await renderFilm(flat, 1, ['-vf', 'drawbox=x=0:y=0:w=8:h=8:color=white:t=fill']);
    const copy = ['-v', 'error', '-i', `file:${flat}`, '-c', 'copy'];
    await runFfmpeg([...copy, '-metadata:s:v:0', 'rotate=90', '-y', `file:${turned}`]);
    const { video } = await probe(turned);
    expect(video).toMatchObject({ width: 16, height: 32 });
    const corner = video?.rotation === 90 ? 15 : 31 * 16;
    const whole = { width: 16, height: 32, pixelFormat: 'gray' } as const;
    await decodeFrames(turned, whole, (_, bytes) => expect(bytes[corner]).toBeGreaterThan(200));
    expect.assertions(2);
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const stop = () => cancel.abort(new Error('enough'));
    const work = decodeFrames(films.at('plain.mp4'), { ...small, signal: cancel.signal }, stop);
    await expect(work).rejects.toThrow('enough');
  });

  it('passes on what its caller throws', async () => {
    const work = decodeFrames(films.at('plain.mp4'), small, () => Promise.reject(new Error('disk full')));
    await expect(work).rejects.toThrow('disk full');
    const full = () => {
      throw new Error('disk full');
    };
    await expect(decodeFrames(films.at('plain.mp4'), small, full)).rejects.toThrow('disk full');
  });

  it('gives each frame bytes of its own, or lends all of them the same', async () => {
    const kept = async (lent: boolean) => {
      const given: Buffer[] = [];
      await decodeFrames(films.at('plain.mp4'), { ...small, lent }, (_, bytes) => void given.push(bytes));
      return new Set(given.map((bytes) => `${bytes.toString('hex')} ${bytes.byteOffset}`)).size;
    };
    expect([await kept(false), await kept(true)]).toEqual([20, 1]);
  });
});

describe('encodeVideo', () => {
  const frames = (count: number) =>
    Array.from({ length: count }, (_, i) => new Uint8Array(32 * 16 * 3).fill(i * 9));

  it('writes a film that decodes to the frames it was given', async () => {
    const path = films.at('made.mp4');
    await encodeVideo({
      path,
      width: 32,
      height: 16,
      fps: '12/1',
      frames: frames(20),
      scaleTo: { width: 64, height: 32 },
    });
    const facts = await probe(path);
    expect(facts.video).toMatchObject({
      codec: 'h264',
      width: 64,
      colorMatrix: 'bt709',
      averageRate: '12/1',
    });
    await decodeFrames(path, { ...small, pixelFormat: 'rgb24' }, (i, rgb) => {
      for (const value of rgb) expect(Math.abs(value - i * 9)).toBeLessThan(4);
    });
  });

  it('gives the same bytes into memory, and leaves no file there', async () => {
    const options = { width: 32, height: 16, fps: '12/1', frames: frames(20) };
    await encodeVideo({ ...options, path: films.at('as-file.mp4') });
    const inMemory = await encodedVideo({ ...options, path: films.at('in-memory.mp4') });
    expect(inMemory.equals(await readFile(films.at('as-file.mp4')))).toBe(true);
    const names = await readdir(dirname(films.at('in-memory.mp4')));
    expect(names.filter((name) => /in-memory|unfinished/.test(name))).toEqual([]);
  });

  it('refuses sides that 4:2:0 cannot hold, and torn frames, and leaves no file', async () => {
    const base = { path: films.at('bad.mp4'), width: 32, height: 16, fps: '12/1' };
    await expect(encodeVideo({ ...base, height: 15, frames: frames(1) })).rejects.toMatchObject({
      code: 'odd-size',
    });
    const torn = encodeVideo({ ...base, frames: [new Uint8Array(7)] });
    await expect(torn).rejects.toMatchObject({ code: 'bad-frame' });
    await expect(probe(base.path)).rejects.toMatchObject({ code: 'ffprobe-failed' });
  });
});

describe('probe and checkDecode', () => {
  it('read rate, size, timecode and every timestamp', async () => {
    const facts = await probe(films.at('plain.mp4'));
    expect(facts).toMatchObject({ startTimecode: '01:00:00:00', dropFrame: false });
    expect(facts.video).toMatchObject({
      averageRate: '24000/1001',
      width: 32,
      height: 16,
      bitDepth: 8,
      hdr: null,
    });
    const check = await checkDecode(films.at('plain.mp4'));
    const [num = 1, den = 1] = facts.video?.timeBase.split('/').map(Number) ?? [];
    const seconds = check.pts.map((pts) => (pts * num) / den);
    expect(check).toMatchObject({ errors: 0, finished: true, formatChanges: 0 });
    expect(seconds.at(-1)).toBeCloseTo((19 * 1001) / 24000, 4);
  });

  it('stop after the frame that was enough', async () => {
    const check = await checkDecode(films.at('plain.mp4'), { enough: (pts) => pts.length === 5 });
    expect([check.pts.length, check.finished]).toEqual([5, true]);
  });

  it('find no damage in frames that follow each other faster than at the rate which the film declares', async () => {
    const path = films.at('faster.mkv');
    const times = "settb=1/90000,setpts='if(lt(N,12),N/24,.5+(N-12)/60)/TB'";
    const kept = ['-fps_mode', 'passthrough', '-enc_time_base', '1:90000'];
    await renderFilm(path, 24, ['-vf', times, ...kept]);
    expect(await checkDecode(path)).toMatchObject({ errors: 0, messages: [], pts: { length: 24 } });
  });

  it('count a change of picture size on the way', async () => {
    const parts = [films.at('one.ts'), films.at('two.ts'), films.at('both.ts')] as const;
    await renderFilm(parts[0], 4);
    await renderFilm(parts[1], 4, ['-vf', 'scale=64:32']);
    await writeFile(parts[2], Buffer.concat([await readFile(parts[0]), await readFile(parts[1])]));
    expect((await checkDecode(parts[2])).formatChanges).toBe(1);
  });

  it('name the program that is missing', async () => {
    process.env.BACKLOT_FFPROBE = '/nowhere/ffprobe';
    try {
      await expect(probe(films.at('plain.mp4'))).rejects.toMatchObject({ code: 'ffprobe-missing' });
    } finally {
      delete process.env.BACKLOT_FFPROBE;
    }
  });
});
