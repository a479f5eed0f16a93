import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { filmFolder } from '../media/films.test-support.ts';
import { decodeFrames, runFfmpeg } from '../media/index.ts';
import { addFiles, type CatalogFile, getFile } from './index.ts';
import { pictureHead } from './picture-head.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  films = await filmFolder();
  workspace = await testContext({});
});
afterAll(async () => {
  await workspace.close();
  await films.remove();
});

/** What each header says: a label in decimal digits, `01000010` with `;` for dropped frames, and a rate. */
interface Said {
  label?: string;
  speed?: number;
}

const wordOf = (label: string): number => Number.parseInt(label.slice(0, 8), 16) + (label[8] ? 0x40 : 0);

/** A DPX header lengthened to the 2048 bytes that hold fields of film and television (SMPTE ST 268). */
function longDpx(picture: Buffer, { label, speed }: Said): Buffer {
  const from = picture.readUInt32LE(4);
  const head = Buffer.concat([picture.subarray(0, from), Buffer.alloc(2048 - from, 0xff)]);
  head.writeUInt32LE(2048, 4);
  head.writeUInt32LE(picture.length + 2048 - from, 16);
  if (label) head.writeUInt32LE(wordOf(label), 1920);
  if (speed) head.writeFloatLE(speed, 1940);
  return Buffer.concat([head, picture.subarray(from)]);
}

function attribute(name: string, type: string, ...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  for (const [i, word] of [4 * words.length, ...words].entries()) bytes.writeUInt32LE(word, 4 * i);
  return Buffer.concat([Buffer.from(`${name}\0${type}\0`), bytes]);
}

/** An EXR with two more attributes; its table says where in the file each line lies. */
function longExr(picture: Buffer, { label, speed }: Said): Buffer {
  const more = Buffer.concat([
    ...(label ? [attribute('timeCode', 'timecode', wordOf(label), 0)] : []),
    ...(speed ? [attribute('framesPerSecond', 'rational', Math.round(speed * 1001), 1001)] : []),
  ]);
  let end = 8;
  while (picture[end] !== 0) {
    const type = picture.indexOf(0, end) + 1;
    const length = picture.indexOf(0, type) + 1;
    end = length + 4 + picture.readUInt32LE(length);
  }
  const table = Buffer.from(picture.subarray(end + 1));
  const lines = (Number(table.readBigUInt64LE(0)) - end - 1) / 8;
  for (let i = 0; i < lines; i++)
    table.writeBigUInt64LE(table.readBigUInt64LE(8 * i) + BigInt(more.length), 8 * i);
  return Buffer.concat([picture.subarray(0, end), more, Buffer.alloc(1), table]);
}

const dress = { dpx: longDpx, exr: longExr };

/** Catalogues ten pictures whose headers say `said`; the name of the folder must be new. */
async function sequence(name: string, kind: keyof typeof dress, said: readonly Said[], rate?: string) {
  const folder = films.at(name);
  await mkdir(folder);
  const grey = name.length;
  const source = `color=0x${grey}0${grey}0${grey}0:s=32x16:r=24,trim=end_frame=${said.length},format=gbrp${kind === 'exr' ? 'f32le' : ''}`;
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, `file:${folder}/p.%04d.${kind}`]);
  for (const [i, file] of (await readdir(folder)).toSorted().entries())
    await writeFile(`${folder}/${file}`, dress[kind](await readFile(`${folder}/${file}`), said[i] ?? {}));
  return add(folder, rate);
}

async function add(folder: string, rate?: string): Promise<CatalogFile> {
  const { added, known, refused } = await addFiles(workspace.context, {
    paths: [folder],
    ...(rate ? { rate } : {}),
  });
  expect(refused).toEqual([]);
  return (await getFile(workspace.context.db, [...added, ...known][0]?.id ?? '')) as CatalogFile;
}

const counted = (labels: readonly string[], speed: number): Said[] =>
  labels.map((label) => ({ label, speed }));
const from = (start: number, count = 10): string[] =>
  Array.from({ length: count }, (_, i) => `010000${String(start + i).padStart(2, '0')}`);

describe('headers of pictures', () => {
  it('say where a film begins and how fast it runs, in DPX', async () => {
    const film = await sequence('a', 'dpx', counted(from(5), 23.976));
    expect(film).toMatchObject({ fps: '24000/1001', frames: 10 });
    expect(film.facts).toMatchObject({
      startTimecode: '01:00:00:05',
      dropFrame: false,
      unreadTimecode: null,
    });
    expect(film.facts.sequence).toMatchObject({ rate: 'header', contradicts: [] });
  });

  it('say the same in EXR, whose pictures still decode, dropped frames included', async () => {
    const labels = ['01005928;', '01005929;', '01010002;', '01010003;', '01010004;'].concat([
      '01010005;',
      '01010006;',
      '01010007;',
      '01010008;',
      '01010009;',
    ]);
    const film = await sequence('bb', 'exr', counted(labels, 30_000 / 1001));
    expect(film).toMatchObject({
      fps: '30000/1001',
      facts: { startTimecode: '01:00:59;28', dropFrame: true },
    });
    let frames = 0;
    await decodeFrames(film.path, { width: 2, height: 2, pixelFormat: 'gray' }, () => void frames++);
    expect(frames).toBe(10);
  });

  it('say nothing by zeros or ones, nor where the header ends before them', async () => {
    const film = await sequence('ccc', 'dpx', counted(Array(10).fill('00000000'), 0));
    expect(film).toMatchObject({
      fps: '24/1',
      facts: { startTimecode: null, sequence: { rate: 'assumed', contradicts: [] } },
    });
    const short = Buffer.alloc(2048, 0x11);
    short.write('XPDS');
    short.writeUInt32LE(1664, 4);
    expect(pictureHead(short)?.time).toEqual({ timecode: null, speed: null });
  });

  it('are told where they contradict each other, and not used', async () => {
    const film = await sequence('dddd', 'dpx', counted([...from(5, 6), ...from(20, 4)], 25));
    expect(film).toMatchObject({ fps: '25/1', facts: { startTimecode: null } });
    expect(film.facts.sequence?.contradicts).toEqual([
      'p.0007.dpx has 01:00:00:20 where 01:00:00:11 is due at 25/1',
    ]);
    const speeds = await sequence(
      'eeeee',
      'dpx',
      from(5).map((label, i) => ({ label, speed: i < 4 ? 24 : 25 })),
    );
    expect(speeds).toMatchObject({
      fps: '24/1',
      facts: { startTimecode: '01:00:00:05', sequence: { rate: 'assumed' } },
    });
    expect(speeds.facts.sequence?.contradicts).toEqual([
      'p.0005.dpx says 25 frames a second, the first picture 24',
    ]);
  });

  it('yield to a rate that is given, which is told too', async () => {
    const said = counted(from(18), 25);
    const film = await sequence('ffffff', 'dpx', said, '24');
    expect(film).toMatchObject({ fps: '24/1', facts: { startTimecode: null, sequence: { rate: 'given' } } });
    expect(film.facts.sequence?.contradicts).toEqual([
      'p.0001.dpx says 25 frames a second, it was added at 24',
      'p.0007.dpx has 01:00:00:24 where 01:00:01:00 is due at 24/1',
    ]);
    expect(await add(films.at('ffffff'))).toMatchObject({ id: film.id, fps: '24/1' });
    expect(await add(films.at('ffffff'), '25')).toMatchObject({
      ...{ id: film.id, fps: '25/1' },
      facts: { startTimecode: null, sequence: { contradicts: [expect.stringContaining('due at 25/1')] } },
    });
  });
});
