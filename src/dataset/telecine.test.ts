import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import {
  addFiles,
  type CatalogFile,
  deinterlaceOf,
  frameTable,
  listFiles,
  pulldownOf,
} from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';
import { decodeFrames, encodeVideo, runFfmpeg } from '../media/index.ts';
import { detectShots } from '../shots/detect-shots.ts';
import { shot } from '../shots/films.test-support.ts';
import { detectFile, listShots } from '../shots/index.ts';
import { cutFilms } from './cut-films.ts';
import { readFilms } from './films.ts';
import { planFilm } from './plan.ts';
import { nearestFrames, windowsOf } from './sampling.ts';
import { freezeOptionsSchema } from './schema.ts';

const [width, height] = [64, 36];
const perShot = 44;
const film = '24000/1001';

let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(context.paths.root, name);
const ffmpeg = (...args: string[]) => runFfmpeg(['-v', 'error', ...args]);

/** Two shots of film, and the same as video: woven by hard pulldown, filmed as fields, and with flags alone. */
beforeAll(async () => {
  ({ context, close } = await testContext({}));
  const frames = [...shot(21, perShot, 1), ...shot(22, perShot, 1)];
  await encodeVideo({ path: at('film.mp4'), width, height, fps: film, frames, crf: 1 });
  const input = ['-i', `file:${at('film.mp4')}`];
  for (const first of ['top', 'bottom'] as const) {
    const weave = ['-vf', `telecine=first_field=${first}:pattern=23`];
    await ffmpeg(...input, ...weave, '-c:v', 'ffv1', `file:${at(`${first}.mkv`)}`);
  }
  const fields = 'setpts=N/(60000/1001)/TB,settb=1001/60000,fps=60000/1001,tinterlace=interleave_top';
  await ffmpeg('-r', '60000/1001', ...input, '-vf', fields, '-c:v', 'ffv1', `file:${at('fields.mkv')}`);
  const unsaid = ['-i', `file:${at('fields.mkv')}`, '-vf', 'setfield=prog', '-c:v', 'ffv1'];
  await ffmpeg(...unsaid, `file:${at('unsaid.mkv')}`);
  const told = ['-i', `file:${at('fields.mkv')}`, '-field_order', 'tt', '-c:v', 'qtrle', '-pix_fmt', 'rgb24'];
  await ffmpeg(...told, `file:${at('told once.mov')}`);
  const plain = [
    '-vf',
    'scale=64:64',
    '-r',
    '30000/1001',
    '-fps_mode',
    'passthrough',
    '-bf',
    '0',
    '-qscale:v',
    '2',
  ];
  await ffmpeg(...input, ...plain, '-c:v', 'mpeg2video', '-f', 'mpeg2video', `file:${at('plain.m2v')}`);
  await withPulldownFlags(at('plain.m2v'), at('flags.m2v'));
  await ffmpeg('-fflags', '+genpts', '-i', `file:${at('flags.m2v')}`, '-c', 'copy', `file:${at('soft.mkv')}`);
  await addFiles(context, { paths: [at('top.mkv')] });
  await detectShots(context, 'fast');
  await addFiles(context, {
    paths: ['bottom.mkv', 'fields.mkv', 'unsaid.mkv', 'told once.mov', 'soft.mkv'].map(at),
  });
}, 60_000);
afterAll(() => close());

/** Sets top_field_first and repeat_first_field of MPEG-2 pictures in turns, as film on DVDs has them (ISO 13818-2, 6.3.10). */
async function withPulldownFlags(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  const extension = Buffer.from([0, 0, 1, 0xb5]);
  let picture = 0;
  for (let i = bytes.indexOf(extension); i >= 0; i = bytes.indexOf(extension, i + 4)) {
    const kind = (bytes[i + 4] as number) >> 4;
    if (kind === 1) bytes[i + 5] = (bytes[i + 5] as number) & ~0x08;
    if (kind !== 8) continue;
    const flags = [0x80, 0x02, 0x00, 0x82][picture++ % 4] as number;
    bytes[i + 7] = ((bytes[i + 7] as number) & ~0x82) | flags;
  }
  await using file = await open(to, 'w');
  await file.writeFile(bytes);
}

async function filed(name: string): Promise<CatalogFile> {
  return (await listFiles(context.db)).find(({ path }) => path === at(name)) as CatalogFile;
}

async function pictures(path: string, options = {}): Promise<Buffer[]> {
  const found: Buffer[] = [];
  const look = { width, height, pixelFormat: 'rgb24' as const, ...options };
  await decodeFrames(path, look, (_, bytes) => void found.push(bytes));
  return found;
}

it('a film file without a catalogue is looked at the same way, and the answer says so', async () => {
  const options = { detector: 'fast' as const, report: () => undefined };
  const woven = await detectFile(at('top.mkv'), options);
  const catalogued = await listShots(context.db, (await filed('top.mkv')).id);
  expect(woven.shots).toEqual(catalogued.map((shot) => ({ in: shot.in, out: shot.out })));
  expect([woven.pulldown, woven.fps]).toEqual(['top-first', '30000/1001']);
  for (const other of ['film.mp4', 'fields.mkv']) {
    expect((await detectFile(at(other), options)).pulldown).toBeNull();
  }
});

it.each(['top', 'bottom'] as const)(
  'film woven into video, %s field first, gives back its frames, each once',
  async (first) => {
    const { id, path, fps, frames, facts } = await filed(`${first}.mkv`);
    expect({ fps, frames }).toEqual({ fps: '30000/1001', frames: (perShot * 2 * 5) / 4 });
    expect(facts.telecine).toEqual({
      kind: 'hard',
      first: `${first}-first`,
      share: 1,
      repeats: (perShot * 2) / 4,
    });
    const { repeats } = await frameTable(context, id);
    const all = await pictures(path, { pulldown: await pulldownOf(context, { id, facts }) });
    const kept = all.filter((_, i) => !repeats?.has(i));
    const original = await pictures(at('film.mp4'));
    expect(kept.length).toBe(original.length);
    expect(kept.filter((frame, i) => !frame.equals(original[i] as Buffer))).toEqual([]);
  },
);

it('gives clips whose frames are those of the film, in both shots, and says so of each', async () => {
  const file = await filed('top.mkv');
  const shots = await listShots(context.db, file.id);
  expect(shots.length).toBe(2);
  const { films } = await readFilms(context, new Map(shots.map(({ id }) => [id, []])));
  const size = { frames: 17, width: 64, height: 32, fps: film, soften: 0, clipsPerShot: 4 };
  const options = { ...freezeOptionsSchema.parse(size), asOf: '2026-01-01', stride: 8 };
  const plan = planFilm(films[0] as never, new Map(shots.map(({ id }) => [id, []])), options as never);
  expect(plan.skipped).toEqual([]);
  const { clips } = await cutFilms(context, [plan], options as never, new Set());
  const original = await pictures(at('film.mp4'), { height: 32, crop: clips[0]?.crop });
  for (const { path, offset, bytes, plan: own } of clips) {
    expect(own.film.pulldown?.first).toBe('top-first');
    const clip = (await readFile(path)).subarray(offset, offset + bytes);
    const size = bytes / 17;
    const start = original.findIndex((frame) => frame.equals(clip.subarray(0, size)));
    const wanted = Buffer.concat(original.slice(start, start + 17));
    expect(start).toBeGreaterThanOrEqual(0);
    expect(clip.equals(wanted)).toBe(true);
  }
  expect(clips.length).toBeGreaterThan(3);
});

it('film with pulldown in its flags alone has its own frames and rate', async () => {
  const { fps, frames, facts } = await filed('soft.mkv');
  expect({ fps, frames, variable: facts.variableRate }).toEqual({
    fps: film,
    frames: perShot * 2,
    variable: false,
  });
  expect(facts.telecine).toEqual({ kind: 'soft', first: null, share: 1, repeats: 0 });
});

it('claims nothing of video that was filmed as fields', async () => {
  const { id, facts } = await filed('fields.mkv');
  expect(facts.telecine).toBeNull();
  expect((await frameTable(context, id)).repeats).toBeUndefined();
});

it('fields that a file says nothing of are seen, and filled in as where it says them', async () => {
  const [said, unsaid] = [await filed('fields.mkv'), await filed('unsaid.mkv')];
  const seen = [said, unsaid, await filed('soft.mkv')].map(({ facts }) => [
    facts.interlaced,
    facts.fieldsSeen,
  ]);
  expect(seen).toEqual([
    [true, null],
    [true, 'top-first'],
    [false, null],
  ]);
  const whole = (file: CatalogFile) => pictures(file.path, { deinterlace: deinterlaceOf(file.facts) });
  expect(Buffer.concat(await whole(unsaid)).equals(Buffer.concat(await whole(said)))).toBe(true);
  // A file that says it of the whole, in a codec whose frames do not.
  const once = await filed('told once.mov');
  expect(once.facts).toMatchObject({ fieldOrder: 'top-first', interlaced: true });
  expect((await pictures(once.path))[5]?.equals((await whole(once))[5] as Buffer)).toBe(false);
  expect((await pictures(said.path))[5]?.equals((await whole(said))[5] as Buffer)).toBe(false);
});

it('no place in the cadence makes a clip show a frame twice', () => {
  for (const repeated of [0, 1, 2, 3, 4]) {
    const frames = Array.from({ length: 200 }, (_, i) => i);
    const repeats = new Set(frames.filter((i) => i > 0 && i % 5 === repeated));
    const table = { timeBase: '1/30000', pts: frames.map((i) => i * 1001), repeats };
    for (const start of [40, 41, 42, 43, 44]) {
      if (repeats.has(start)) continue;
      const range = { in: start, out: 190 };
      const taken = nearestFrames(table, range, film);
      expect(taken.filter((i) => repeats.has(i))).toEqual([]);
      expect(new Set(taken).size).toBe(taken.length);
      const whole = { frames: 65, fps: film, stride: 16, clipsPerShot: 8 };
      expect(windowsOf(table, range, whole).tooFewFrames).toBe(0);
    }
  }
});
