import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Progress } from '../contract/index.ts';
import { filmFolder, renderFilm } from '../media/films.test-support.ts';
import { decodeFrames, runFfmpeg } from '../media/index.ts';
import { examine } from './film.ts';
import { addFiles, type CatalogFile, frameTable, listFiles, listSidecars, listTitles } from './index.ts';
import { listCatalog, showCatalog } from './show.ts';

let films: Awaited<ReturnType<typeof filmFolder>>;
let workspace: Awaited<ReturnType<typeof testContext>>;
const seen: Progress[] = [];
const odd = `it's "Über" & $HOME 夜.mp4`;
const srt = '1\n00:00:00,000 --> 00:00:01,000\nHello\n';

const add = (...paths: string[]) => addFiles(workspace.context, { paths });
const fileAt = async (path: string) =>
  (await listFiles(workspace.context.db)).find((file) => file.path === path) as CatalogFile;

async function renderAll(): Promise<void> {
  const at = films.at;
  await renderFilm(at('good.mp4'), 12, ['-timecode', '01:00:00:00', '-aspect', '4:3']);
  await renderFilm(at(odd), 5, ['-qp', '1']);
  await renderFilm(at('gaps.mkv'), 30, ['-vf', "select='not(between(n,4,20))'", '-fps_mode', 'passthrough']);
  await renderFilm(at('deep.mkv'), 4, ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le']);
  await renderFilm(at('half.mp4'), 60, [
    '-g',
    '5',
    '-movflags',
    '+faststart',
    '-vf',
    'noise=alls=60:allf=t,scale=160:96',
  ]);
  await truncate(at('half.mp4'), Math.round((await stat(at('half.mp4'))).size / 2));
  await renderFilm(at('cut.mp4'), 12);
  await truncate(at('cut.mp4'), (await stat(at('cut.mp4'))).size - 200);
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.1', `file:${at('sound.m4a')}`]);
  await renderFilm(at('still.png'), 1, ['-c:v', 'png', '-pix_fmt', 'rgb24']);
}

async function writeOthers(): Promise<void> {
  const at = films.at;
  await writeFile(at('text.mp4'), 'This is a letter about a film, and no film.\n'.repeat(20));
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('.DS_Store'), 'x');
  await writeFile(at('good.truth.json'), '{}');
  await writeFile(at('good.eng.srt'), srt);
  await writeFile(at('good.shots.csv'), 'in,out,text\n0,12,"a hero, walking"\n');
  await writeFile(at('stray.srt'), srt);
  await writeFile(at('deep.json'), '{ not json');
  await symlink('nowhere', at('dangling.mp4'));
}

async function masters(): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const name of await readdir(films.at('.'))) {
    const facts = await stat(films.at(name)).catch(() => null);
    if (!facts?.isFile()) continue;
    const hash = createHash('sha256')
      .update(await readFile(films.at(name)))
      .digest('hex');
    prints[name] = `${hash} ${facts.mtimeMs} ${facts.mode}`;
  }
  return prints;
}

beforeAll(async () => {
  films = await filmFolder();
  workspace = await testContext({ report: (progress) => void seen.push(progress) });
  await Promise.all([renderAll(), writeOthers()]);
}, 60_000);

afterAll(async () => {
  await workspace.close();
  await films.remove();
});

describe('adding a folder', () => {
  it('decides every file, gives the reason for each refusal, and changes no master', async () => {
    const before = await masters();
    const answer = await add(films.at('.'));
    const refused = Object.fromEntries(
      answer.refused.map(({ file, code }) => [file.split('/').at(-1), code]),
    );
    expect(refused).toEqual({
      '.DS_Store': 'hidden-file',
      'cut.mp4': 'truncated',
      'dangling.mp4': 'unreadable',
      'deep.json': 'bad-sidecar',
      'empty.mp4': 'empty-file',
      'good.truth.json': 'truth-file',
      'sound.m4a': 'no-video',
      'still.png': 'not-a-film',
      'stray.srt': 'no-film-for-sidecar',
      'text.mp4': 'not-a-film',
    });
    for (const { reason } of answer.refused) expect(reason).toMatch(/^.{5,}: .{8,}/);
    const added = answer.added.map(({ file }) => file.split('/').at(-1));
    const films_ = ['deep.mkv', 'gaps.mkv', 'good.mp4', 'half.mp4', odd];
    expect(added.toSorted()).toEqual([...films_, 'good.eng.srt', 'good.shots.csv'].toSorted());
    expect(await masters()).toEqual(before);
    expect(seen.at(-1)).toMatchObject({ phase: 'catalog', unit: 'bytes', done: seen.at(-1)?.total });
  }, 60_000);

  it('measures what the films are', async () => {
    const good = await fileAt(films.at('good.mp4'));
    expect(good).toMatchObject({ frames: 12, fps: '24000/1001', unmapped: true, titleName: 'good', reel: 1 });
    expect(good.facts).toMatchObject({ startTimecode: '01:00:00:00', sampleAspect: '2:3', damaged: null });
    expect(good.facts.decodedSeconds).toBeCloseTo((12 * 1001) / 24000, 4);
    expect((await fileAt(films.at('deep.mkv'))).facts).toMatchObject({ bitDepth: 10, codec: 'ffv1' });
    expect(await fileAt(films.at(odd))).toMatchObject({ frames: 5 });
  });

  it('keeps every timestamp of a film with a variable rate', async () => {
    const file = await fileAt(films.at('gaps.mkv'));
    expect(file.facts.variableRate).toBe(true);
    const { timeBase, pts } = await frameTable(workspace.context, file.id);
    const shown = [0, 1, 2, 3, 21, 22, 23, 24, 25, 26, 27, 28, 29].map((n) => Math.round((n * 1001) / 24));
    expect({ timeBase, pts }).toEqual({ timeBase: '1/1000', pts: shown });
    const one = { width: 2, height: 2, pixelFormat: 'gray' } as const;
    expect(await decodeFrames(file.path, one, () => {})).toBe(pts.length);
  });

  it('takes what decodes of a damaged film, and says so', async () => {
    const half = await fileAt(films.at('half.mp4'));
    expect(half.frames).toBeGreaterThan(5);
    expect(half.frames).toBeLessThan(60);
    expect(half.facts.declaredFrames).toBe(60);
    expect(half.facts.damaged?.errors).toBeGreaterThan(0);
    expect(half.facts.damaged?.messages.length).toBeGreaterThan(0);
  });

  it('attaches sidecars to their film', async () => {
    const good = await fileAt(films.at('good.mp4'));
    const sidecars = await listSidecars(workspace.context.db, good.id);
    expect(sidecars.map(({ kind, path }) => [kind, path])).toEqual([
      ['srt', films.at('good.eng.srt')],
      ['csv', films.at('good.shots.csv')],
    ]);
  });

  it('lists and shows what is there and what was refused', async () => {
    const { titles, refused } = await listCatalog(workspace.context.db);
    expect(titles.map(({ name }) => name)).toContain('gaps');
    expect(refused.find(({ file }) => file === films.at('text.mp4'))?.code).toBe('not-a-film');
    const { files } = await showCatalog(workspace.context.db, 'half');
    expect(files[0]?.flags).toEqual(['unmapped', 'damaged', 'anamorphic', 'declares-longer']);
    await expect(showCatalog(workspace.context.db, 'nobody')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('adding again', () => {
  it('knows the same bytes, also of sidecars', async () => {
    const answer = await add(films.at('good.mp4'), films.at('good.eng.srt'));
    expect(answer.added).toEqual([]);
    expect(answer.known.map(({ kind }) => kind)).toEqual(['film', 'sidecar']);
  });

  it('follows a film that was moved, and keeps the first of two copies', async () => {
    await mkdir(films.at('moved'));
    await rename(films.at('deep.mkv'), films.at('moved/deep.mkv'));
    await cp(films.at('good.mp4'), films.at('moved/copy.mp4'));
    const answer = await add(films.at('moved'));
    const reasons = answer.known.map(({ reason }) => reason);
    expect(reasons[0]).toContain(`the same bytes as ${films.at('good.mp4')}`);
    expect(reasons[1]).toContain('moved here from');
    expect((await fileAt(films.at('moved/deep.mkv'))).facts.bitDepth).toBe(10);
  });

  it('takes a file that was refused once it is whole', async () => {
    await renderFilm(films.at('cut.mp4'), 3);
    expect((await add(films.at('cut.mp4'))).added[0]).toMatchObject({ frames: 3 });
    const { refused } = await listCatalog(workspace.context.db);
    expect(refused.map(({ file }) => file)).not.toContain(films.at('cut.mp4'));
  });

  it('writes a lost frame table anew', async () => {
    const good = await fileAt(films.at('good.mp4'));
    await rm(`${workspace.context.paths.root}/catalog/${good.id}.pts`);
    await expect(frameTable(workspace.context, good.id)).rejects.toMatchObject({
      code: 'frame-table-missing',
    });
    await add(films.at('good.mp4'));
    expect((await frameTable(workspace.context, good.id)).pts.length).toBe(12);
  });
});

describe('titles', () => {
  it('take files in reel order, from a name', async () => {
    const paths = [films.at('gaps.mkv'), films.at('good.mp4')];
    await addFiles(workspace.context, { paths, title: 'The Long Way' });
    const { titles } = await listCatalog(workspace.context.db);
    const title = titles.find(({ name }) => name === 'The Long Way');
    expect(title?.files.map(({ path, reel }) => [path, reel])).toEqual([
      [films.at('gaps.mkv'), 1],
      [films.at('good.mp4'), 2],
    ]);
    expect(title?.unmapped).toBe(false);
    expect(titles.map(({ name }) => name)).not.toContain('gaps');
  });

  it('take files from a CSV, which is no sidecar then', async () => {
    const map = films.at('map.csv');
    await writeFile(
      map,
      `file,title,reel\ngood.mp4,The Long Way,1\n"gaps.mkv",The Long Way,2\nhalf.mp4,"Half, and half",\n`,
    );
    const answer = await addFiles(workspace.context, { paths: [films.at('.')], map });
    expect(answer.refused.map(({ file }) => file)).not.toContain(map);
    expect(await fileAt(films.at('good.mp4'))).toMatchObject({ titleName: 'The Long Way', reel: 1 });
    expect(await fileAt(films.at('half.mp4'))).toMatchObject({
      titleName: 'Half, and half',
      unmapped: false,
    });
    expect((await listTitles(workspace.context.db)).filter(({ unmapped }) => unmapped).length).toBe(3);
  });

  it('that are badly mapped are refused with the row', async () => {
    const map = films.at('bad.csv');
    await writeFile(map, 'file,title,reel\ngood.mp4,,1\n');
    const bad = addFiles(workspace.context, { paths: [films.at('good.mp4')], map });
    await expect(bad).rejects.toMatchObject({ code: 'bad-map', message: expect.stringContaining('row 2') });
    const both = addFiles(workspace.context, { paths: [map], map, title: 'x' });
    await expect(both).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('keep files of one name in two folders apart', async () => {
    await renderFilm(films.at('moved/good.mp4'), 7);
    await add(films.at('moved/good.mp4'));
    const other = await fileAt(films.at('moved/good.mp4'));
    expect(other).toMatchObject({ titleName: 'good', unmapped: true });
    expect(other.titleId).not.toBe((await fileAt(films.at('good.mp4'))).titleId);
  });
});

describe('trouble', () => {
  it('with a decoder that hangs refuses the file', async () => {
    const slow = films.at('slow.sh');
    await writeFile(slow, '#!/bin/sh\nexec sleep 30\n', { mode: 0o755 });
    process.env.BACKLOT_FFMPEG = slow;
    try {
      const options = { head: Buffer.alloc(0), signal: new AbortController().signal, onFrames: () => {} };
      const work = examine(films.at('good.mp4'), { ...options, stallSeconds: 1 });
      await expect(work).rejects.toMatchObject({ code: 'decode-hangs' });
    } finally {
      delete process.env.BACKLOT_FFMPEG;
    }
  });

  it('of the machine is no refusal: a missing ffmpeg stops the whole command', async () => {
    await renderFilm(films.at('new.mp4'), 2);
    process.env.BACKLOT_FFMPEG = '/nowhere/ffmpeg';
    try {
      await expect(add(films.at('new.mp4'))).rejects.toMatchObject({ code: 'ffmpeg-missing' });
    } finally {
      delete process.env.BACKLOT_FFMPEG;
    }
  });

  it('of a cancelled command keeps what was done', async () => {
    const cancel = new AbortController();
    const report = ({ note }: Progress) => note?.startsWith('new.mp4') && cancel.abort(new Error('stop'));
    const context = { ...workspace.context, signal: cancel.signal, report: report as () => void };
    await expect(addFiles(context, { paths: [films.at('new.mp4')] })).rejects.toThrow('stop');
    expect(await fileAt(films.at('new.mp4'))).toBeUndefined();
  });
});
