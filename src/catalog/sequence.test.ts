import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { filmFolder } from '../media/films.test-support.ts';
import { decodeFrames, filmHash, runFfmpeg } from '../media/index.ts';
import { addFiles, type CatalogFile, frameTable, listFiles } from './index.ts';
import { pictureHead } from './picture-head.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let workspace: Awaited<ReturnType<typeof testContext>>;

const one = { width: 2, height: 2, pixelFormat: 'gray' } as const;

/** Twelve pictures, each of one grey: picture n has the value 16 n, in sRGB or linear. */
async function pictures(folder: string, extension: string, start: number): Promise<void> {
  await mkdir(films.at(folder));
  const deep = extension === 'exr' ? 'gbrpf32le' : 'rgb24';
  const source = `color=black:s=32x16:r=24,trim=end_frame=12,format=gray,geq=lum='N*16',format=rgb24,format=${deep}`;
  const to = films.at(`${folder}/plate.%04d.${extension}`).replaceAll('%04d', '%%04d').replace('%%', '%');
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, '-start_number', String(start), `file:${to}`]);
}

const add = (path: string, rate?: string) =>
  addFiles(workspace.context, { paths: [path], ...(rate ? { rate } : {}) });
const onlyFilm = async (path: string) =>
  (await listFiles(workspace.context.db)).find((file) => file.path === path) as CatalogFile;

async function greys(path: string, options = {}): Promise<number[]> {
  const values: number[] = [];
  await decodeFrames(path, { ...one, ...options }, (_, bytes) => void values.push(bytes[0] ?? -1));
  return values;
}

beforeAll(async () => {
  films = await filmFolder();
  workspace = await testContext({});
  await Promise.all([pictures('png', 'png', 1001), pictures('dpx', 'dpx', 0), pictures('exr', 'exr', 998)]);
});

afterAll(async () => {
  await workspace.close();
  await films.remove();
});

it('catalogues a folder of numbered pictures as one film, from its first number, at the rate that was given', async () => {
  const answer = await add(films.at('png'), '24000/1001');
  expect(answer.refused).toEqual([]);
  expect(answer.added).toMatchObject([
    { title: 'png plate', frames: 12, fps: '24000/1001', flags: ['unmapped', 'image-sequence'] },
  ]);
  const film = await onlyFilm(films.at('png/plate.%04d.png'));
  expect(film.facts).toMatchObject({
    sequence: { first: 1001, rate: 'given', light: 'display' },
    declaredRate: null,
  });
  expect(await frameTable(workspace.context, film.id)).toEqual({
    timeBase: '1001/24000',
    pts: [...Array(12).keys()],
  });
  expect(film.sha256).toBe(await filmHash(film.path));
  expect(await greys(film.path)).toEqual([...Array(12).keys()].map((n) => n * 16));
  expect(await greys(film.path, { from: 3, to: 5 })).toEqual([48, 64]);
});

it('assumes 24 where nobody says the rate, says so, and takes it when it is given later', async () => {
  const path = films.at('dpx/plate.%04d.dpx');
  const { added } = await add(films.at('dpx'));
  expect(added).toMatchObject([{ fps: '24/1', flags: ['unmapped', 'image-sequence', 'rate-assumed'] }]);
  const before = await onlyFilm(path);
  expect((await add(films.at('dpx'), '25')).known).toHaveLength(1);
  expect(await onlyFilm(path)).toMatchObject({
    id: before.id,
    fps: '25/1',
    facts: { sequence: { rate: 'given' } },
  });
  await add(films.at('dpx'));
  expect(await onlyFilm(path)).toMatchObject({ fps: '25/1', facts: { sequence: { rate: 'given' } } });
});

it("shows the linear light of EXR by BT.709's curve", async () => {
  const { added } = await add(films.at('exr'), '24');
  expect(added).toMatchObject([{ frames: 12, flags: expect.arrayContaining(['linear-light']) }]);
  const values = await greys(films.at('exr/plate.%04d.exr'));
  values.forEach((value, n) => {
    const light = (n * 16) / 255;
    const curve = light < 0.018 ? 4.5 * light : 1.099 * light ** 0.45 - 0.099;
    expect(Math.abs(value - 255 * curve)).toBeLessThan(3);
  });
});

it('takes the rate of each sequence from the CSV of titles', async () => {
  await cp(films.at('png'), films.at('listed'), { recursive: true });
  await writeFile(films.at('listed/plate.1001.png'), await readFile(films.at('listed/plate.1003.png')));
  await writeFile(
    films.at('titles.csv'),
    'file,title,reel,rate\nlisted/plate.%04d.png,A Film,2,30000/1001\n',
  );
  const { added } = await addFiles(workspace.context, {
    paths: [films.at('listed')],
    map: films.at('titles.csv'),
  });
  expect(added).toMatchObject([{ title: 'A Film', reel: 2, fps: '30000/1001', flags: ['image-sequence'] }]);
});

it('follows a folder that moved', async () => {
  await rename(films.at('png'), films.at('moved 100% new'));
  const { known } = await add(films.at('moved 100% new'));
  expect(known[0]?.reason).toContain('moved here');
  expect(await greys(films.at('moved 100% new/plate.%04d.png'), { only: [2] })).toEqual([32]);
});

it('refuses gaps, mixed sizes and torn pictures, and names them', async () => {
  const refusal = async (folder: string, spoil: (at: (name: string) => string) => Promise<unknown>) => {
    await cp(films.at('dpx'), films.at(folder), { recursive: true });
    await spoil((name) => films.at(`${folder}/${name}`));
    return (await add(films.at(folder))).refused.map(({ code, reason }) => [code, reason.slice(0, 60)]);
  };
  const small = ['-v', 'error', '-f', 'lavfi', '-i', 'color=s=16x16', '-frames:v', '1', '-y'];
  expect(await refusal('gap', (at) => rm(at('plate.0004.dpx')))).toEqual([
    ['sequence-gaps', expect.stringContaining('pictures 4 are missing')],
  ]);
  expect(await refusal('mixed', (at) => runFfmpeg([...small, `file:${at('plate.0006.dpx')}`]))).toEqual([
    ['sequence-mixed', expect.stringContaining('plate.0006.dpx is 16x16')],
  ]);
  expect(await refusal('short', (at) => truncate(at('plate.0007.dpx'), 1700))).toEqual([
    ['undecodable', expect.stringContaining('1 of its pictures do not decode, the first is 7')],
  ]);
  expect(await refusal('torn', (at) => writeFile(at('plate.0007.dpx'), ''))).toEqual([
    ['undecodable', expect.stringContaining('plate.0007.dpx')],
  ]);
});

it('leaves a few numbered stills as they are: refused, each by its name', async () => {
  await cp(films.at('dpx'), films.at('few'), { recursive: true });
  for (const name of (await readdir(films.at('few'))).slice(3)) await rm(films.at(`few/${name}`));
  const { refused } = await add(films.at('few'));
  expect(refused.map(({ code }) => code)).toEqual(['not-a-film', 'not-a-film', 'not-a-film']);
});

it('refuses colours that would be shown wrongly: printing density, other primaries, HDR', () => {
  const dpx = Buffer.alloc(2048);
  dpx.write('SDPX');
  dpx.writeUInt8(1, 801);
  expect(pictureHead(dpx)?.problem).toContain('printing density');
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
    Buffer.alloc(17),
    Buffer.from('\0\0\0\x04cICP', 'latin1'),
  ]);
  expect(pictureHead(Buffer.concat([png, Buffer.from([9, 16, 0, 1])]))?.problem).toContain('HDR');
  expect(pictureHead(Buffer.concat([png, Buffer.from([9, 1, 0, 1])]))?.problem).toContain('other primaries');
  const attribute = (name: string, type: string, value: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeInt32LE(value.length);
    return Buffer.concat([Buffer.from(`${name}\0${type}\0`), length, value]);
  };
  const aces = Buffer.alloc(32);
  for (const [i, value] of [0.7347, 0.2653, 0, 1, 0.0001, -0.077, 0.32168, 0.33767].entries())
    aces.writeFloatLE(value, i * 4);
  const exr = [
    Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]),
    attribute('displayWindow', 'box2i', Buffer.alloc(16)),
  ];
  expect(
    pictureHead(Buffer.concat([...exr, attribute('chromaticities', 'chromaticities', aces), Buffer.alloc(1)]))
      ?.problem,
  ).toContain('ACES');
  expect(pictureHead(Buffer.concat([...exr, Buffer.alloc(1)]))).toMatchObject({
    problem: null,
    light: 'linear',
  });
});

it('says what pictures are whose names say otherwise', async () => {
  await cp(films.at('dpx'), films.at('called png'), { recursive: true });
  for (const name of await readdir(films.at('called png')))
    await rename(films.at(`called png/${name}`), films.at(`called png/${name.replace('.dpx', '.png')}`));
  const { refused } = await add(films.at('called png'));
  expect(refused.map(({ code, reason }) => [code, reason])).toEqual([
    ['undecodable', 'plate.0000.png is DPX by its bytes: name pictures after what they are'],
  ]);
});
