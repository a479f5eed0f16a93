import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeatsIn } from '../../src/catalog/repeats.ts';
import { cadenceOf } from '../../src/catalog/telecine.ts';
import type { Report } from '../../src/contract/index.ts';
import { checkDecode, decodeFrames, runFfmpeg, stretchesOf } from '../../src/media/index.ts';
import { FOOTAGE } from '../footage.ts';

/** Films of the footage, and the first of the frames taken: where something moves. */
const films = [
  ['bbb_A_f00000.mp4', 0],
  ['bbb_B_f01874.mp4', 0],
  ['bbb_D_f10185.mp4', 0],
  ['sintel_trailer_480x204_h264.mp4', 500],
  ['tears_of_steel_500x208.h264', 300],
] as const;
const frames = 240;
const [width, height] = [480, 256];
const fields = ['-flags', '+ildct+ilme'];
const encodings = [
  { name: 'FFV1', file: 'w.mkv', first: 'top', codec: ['-c:v', 'ffv1'] },
  {
    name: 'MPEG-2 4M',
    file: 'w.mpg',
    first: 'top',
    codec: ['-c:v', 'mpeg2video', '-b:v', '4M', ...fields, '-top', '1'],
  },
  {
    name: 'MPEG-2 1.5M',
    file: 'w.mpg',
    first: 'bottom',
    codec: ['-c:v', 'mpeg2video', '-b:v', '1.5M', ...fields, '-top', '0'],
  },
  {
    name: 'x264 crf 20',
    file: 'w.mkv',
    first: 'top',
    codec: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', ...fields, '-x264-params', 'tff=1'],
  },
] as const;
type Encoding = (typeof encodings)[number];

/** Real films telecined here: are the frames of the film got back, beside deinterlacing with the repeats left out by hand? */
export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = Date.now();
  const rows = existsSync(join(FOOTAGE, 'catalog'))
    ? await measured(quick, report)
    : [{ what: 'skipped', value: `no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`, unit: '' }];
  return { bench: 'telecine', seed: 0, rows, seconds: (Date.now() - started) / 1000 };
}

async function measured(quick: boolean, report: Report) {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-telecine-'));
  const rows = [];
  const some = quick ? films.slice(0, 1) : films;
  for (const [film, from] of some) {
    const original = join(folder, 'film.mkv');
    const cut = `select='gte(n,${from})',setpts=N/(24000/1001)/TB,scale=${width}:${height},format=yuv420p,setsar=1`;
    const count = ['-frames:v', String(frames), '-fps_mode', 'passthrough'];
    await ffmpeg(join(FOOTAGE, 'catalog', film), ['-vf', cut, ...count, '-c:v', 'ffv1'], original, [
      '-r',
      '24000/1001',
    ]);
    for (const encoding of encodings) {
      report({
        phase: 'telecine',
        done: rows.length / 3,
        total: some.length * encodings.length,
        unit: 'films',
      });
      rows.push(...(await rowsOf(film, original, join(folder, encoding.file), encoding)));
    }
  }
  await rm(folder, { recursive: true });
  return rows;
}

const ffmpeg = (from: string, args: readonly string[], to: string, before: readonly string[] = []) =>
  runFfmpeg(['-v', 'error', '-y', ...before, '-i', `file:${from}`, ...args, `file:${to}`]);

async function rowsOf(film: string, original: string, woven: string, { name, first, codec }: Encoding) {
  const weave = `telecine=first_field=${first}:pattern=23,setfield=${first === 'top' ? 'tff' : 'bff'}`;
  await ffmpeg(original, ['-vf', weave, ...codec], woven);
  const cadence = cadenceOf((await checkDecode(woven, { fields: true })).fields);
  const row = (what: string, value: number | string, unit = '', peer = 'backlot') => ({
    what: `${film}, ${name}: ${what}`,
    value,
    unit,
    peer,
    n: frames,
  });
  if (cadence?.first !== `${first}-first`) return [row('found', 'no')];
  const options = { signal: new AbortController().signal, onFrame: () => {} };
  const repeats = await repeatsIn(woven, { first: cadence.first, height }, options);
  const pulldown = { first: cadence.first, stretches: stretchesOf(repeats) };
  const undone = (await pictures(woven, { pulldown })).filter((_, i) => !repeats.includes(i));
  const filled = (await pictures(woven, { deinterlace: true })).filter((_, i) => i % 5 !== 2);
  const wanted = await pictures(original, {});
  return [
    row('frames kept', undone.length),
    row('PSNR', psnr(undone, wanted), 'dB'),
    row('PSNR', psnr(filled, wanted), 'dB', 'bwdif, repeats left out by hand'),
  ];
}

async function pictures(path: string, options: object): Promise<Buffer[]> {
  const found: Buffer[] = [];
  await decodeFrames(
    path,
    { width, height, pixelFormat: 'gray', ...options },
    (_, bytes) => void found.push(bytes),
  );
  return found;
}

function psnr(found: readonly Buffer[], wanted: readonly Buffer[]): number | string {
  const errors = wanted.map((frame, i) => meanSquare(frame, found[i] ?? Buffer.alloc(frame.length)));
  const mean = errors.reduce((sum, error) => sum + error / errors.length, 0);
  return mean === 0 ? 'exact' : Math.round(100 * Math.log10(255 ** 2 / mean)) / 10;
}

const meanSquare = (a: Buffer, b: Buffer): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
