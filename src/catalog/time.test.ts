import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { decodeFrames, runFfmpeg } from '../media/index.ts';
import { examine } from './film.ts';
import { flagsOf } from './flags.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
const frames = 30;
/** Ticks of 90 kHz that a transport stream can count before it begins again, in seconds (ISO/IEC 13818-1: 33 bits). */
const rollover = 2 ** 33 / 90_000;

beforeAll(async () => {
  films = await filmFolder();
  await renderFilm(films.at('plain.mp4'), frames, ['-bf', '3', '-g', '6', '-sc_threshold', '0']);
});
afterAll(() => films.remove());

/** The film packed anew, without a new picture. */
async function repacked(name: string, before: readonly string[], after: readonly string[]): Promise<string> {
  const input = ['-v', 'error', ...before, '-i', `file:${films.at('plain.mp4')}`, '-c', 'copy'];
  await runFfmpeg([...input, ...after, '-y', `file:${films.at(name)}`]);
  return films.at(name);
}

/** What the catalogue says of a film, and which of the rendered frames it shows, in order. */
async function read(path: string) {
  const { signal } = new AbortController();
  const plain = { head: await readFile(path), signal, onFrames: () => {}, sequence: null, stallSeconds: 60 };
  const { fps, table, facts } = await examine(path, plain);
  const shown: number[] = [];
  const look = { width: 4, height: 4, pixelFormat: 'gray' } as const;
  await decodeFrames(path, look, (_, bytes) => void shown.push(Math.round((bytes[0] ?? 0) / 8)));
  const [num = 0, den = 1] = table.timeBase.split('/').map(Number);
  const seconds = table.pts.map((pts) => ((pts - (table.pts[0] ?? 0)) * num) / den);
  const { startTimecode, dropFrame } = facts;
  return { fps, seconds, shown, startTimecode, dropFrame, flags: flagsOf({ ...facts, marks: null }, false) };
}

const counting = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Exact but for the container's tick. */
function expectAt24(seconds: readonly number[], tick: number): void {
  for (const [i, at] of seconds.entries())
    expect(Math.abs(at - (i * 1001) / 24_000)).toBeLessThanOrEqual(tick);
}

describe('every frame once, at its own time, of a film', () => {
  it('whose clock begins again on the way', async () => {
    const path = await repacked(
      'wrap.ts',
      [],
      ['-muxdelay', '0', '-output_ts_offset', String(rollover - 0.5)],
    );
    const { fps, seconds, shown, flags } = await read(path);
    expect({ fps, shown, flags }).toEqual({ fps: '24000/1001', shown: counting(0, frames), flags: [] });
    expectAt24(seconds, 1 / 90_000);
  });

  it('whose edit list begins after the first frames, which are stored and not shown', async () => {
    const path = await repacked('edited.mp4', ['-ss', '0.6'], []);
    const { fps, seconds, shown, flags } = await read(path);
    expect({ fps, flags }).toEqual({ fps: '24000/1001', flags: [] });
    expect(shown).toEqual(counting(shown[0] ?? 0, frames));
    expect(shown[0]).toBeGreaterThan(12);
    expectAt24(seconds, 1 / 12_800);
  });

  it('that begins five seconds late', async () => {
    const path = await repacked('late.mp4', [], ['-output_ts_offset', '5']);
    const { seconds, shown } = await read(path);
    expect(shown).toEqual(counting(0, frames));
    expectAt24(seconds, 1 / 12_800);
  });

  it('that declares an hour, or nothing', async () => {
    const lying = await repacked('lying.mp4', [], []);
    await writeFile(lying, lasting(await readFile(lying), 3600));
    expect(await read(lying)).toMatchObject({ shown: counting(0, frames), flags: ['declares-longer'] });
    const bare = await repacked('bare.h264', [], ['-bsf:v', 'h264_mp4toannexb']);
    expect((await read(bare)).shown).toEqual(counting(0, frames));
  });

  it('that declares half a second', async () => {
    const lying = await repacked('short.mp4', [], []);
    await writeFile(lying, lasting(await readFile(lying), 0.5));
    expect(await read(lying)).toMatchObject({ shown: counting(0, frames), flags: ['declares-shorter'] });
  });

  it("whose start timecode stands in a Matroska tag, where it exists at the film's rate", async () => {
    const named = async (name: string, timecode: string) =>
      read(await repacked(name, [], ['-metadata:s:v', `timecode=${timecode}`]));
    expect(await named('tag.mkv', '10:00:00:12')).toMatchObject({ startTimecode: '10:00:00:12', flags: [] });
    const none = { startTimecode: null, dropFrame: false, flags: ['timecode-unread'] };
    expect(await named('frame.mkv', '01:00:00:28')).toMatchObject(none);
    expect(await named('hour.mkv', '25:00:00:00')).toMatchObject(none);
  });
});

/** An MP4 whose headers declare so many seconds, in ticks of each (ISO/IEC 14496-12, version 0: ticks a second, then length). */
function lasting(mp4: Buffer, seconds: number): Buffer {
  for (const box of ['mvhd', 'mdhd']) {
    const at = mp4.indexOf(box) + 4 + 12;
    mp4.writeUInt32BE(Math.round(mp4.readUInt32BE(at) * seconds), at + 4);
  }
  return mp4;
}
