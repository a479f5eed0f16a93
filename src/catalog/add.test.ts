import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Progress } from '../contract/index.ts';
import { renderFilm } from '../media/films.test-support.ts';
import { decodeFrames } from '../media/index.ts';
import { examine } from './film.ts';
import { masters, mixedFolder, odd, srt } from './folder.test-support.ts';
import { addFiles, type CatalogFile, frameTable, listFiles, listSidecars, listTitles } from './index.ts';
import { listCatalog, showCatalog } from './show.ts';

let films: Awaited<ReturnType<typeof mixedFolder>>;
let workspace: Awaited<ReturnType<typeof testContext>>;
const seen: Progress[] = [];

const add = (...paths: string[]) => addFiles(workspace.context, { paths });
const fileAt = async (path: string) =>
  (await listFiles(workspace.context.db)).find((file) => file.path === path) as CatalogFile;

beforeAll(async () => {
  films = await mixedFolder();
  workspace = await testContext({ report: (progress) => void seen.push(progress) });
}, 120_000);

afterAll(async () => {
  await workspace.close();
  await films.remove();
});

describe('adding a folder', () => {
  it('decides every file, gives the reason for each refusal, and changes no master', async () => {
    const before = await masters(films);
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
      'good.json': 'bad-sidecar',
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
    expect(await masters(films)).toEqual(before);
    expect(seen.at(-1)).toMatchObject({ phase: 'catalog', unit: 'bytes', done: seen.at(-1)?.total });
  }, 120_000);

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

  it('reads what metadata beside a film say about training on it, and keeps it', async () => {
    const path = films.at('good.xmp');
    const says = 'DMI-PROHIBITED-GENAIMLTRAINING';
    await writeFile(path, `<x:xmpmeta>http://ns.useplus.org/ldf/vocab/${says}</x:xmpmeta>`);
    expect((await add(path)).added).toMatchObject([{ kind: 'sidecar', film: films.at('good.mp4') }]);
    const mark = { standard: 'iptc.data-mining', says, permission: 'notAllowed', info: null };
    expect((await fileAt(films.at('good.mp4'))).facts.marks).toEqual([mark]);
    await writeFile(path, '<x:xmpmeta>nothing</x:xmpmeta>');
    await add(path, films.at('good.mp4'));
    expect((await fileAt(films.at('good.mp4'))).facts.marks).toEqual([mark]);
    await rm(path);
  });

  it('follows a film that was moved, and keeps the first of two copies', async () => {
    await mkdir(films.at('moved'));
    await rename(films.at('deep.mkv'), films.at('moved/deep.mkv'));
    await cp(films.at('good.mp4'), films.at('moved/copy.mp4'));
    const reasons = (await add(films.at('moved'))).known.map(({ reason }) => reason);
    const said = `the same bytes as ${films.at('good.mp4')}, under another name, which is kept`;
    expect(reasons[0]).toContain(said);
    const { names, namedAt } = (await fileAt(films.at('good.mp4'))).facts;
    expect([names, Object.keys(namedAt ?? {})]).toEqual([['copy.mp4'], ['copy.mp4']]);
    expect(reasons[1]).toContain('moved here from');
    expect((await fileAt(films.at('moved/deep.mkv'))).facts.bitDepth).toBe(10);
  });

  it('does not try a bad file again until it changes or is named itself', async () => {
    await mkdir(films.at('bad'));
    const bad = films.at('bad/text again.mp4');
    await cp(films.at('text.mp4'), bad);
    const ffprobe = process.env.BACKLOT_FFPROBE;
    process.env.BACKLOT_FFPROBE = '/nowhere/ffprobe';
    try {
      // The same bytes under another name, and no program that could look at them.
      const [refused] = (await add(films.at('bad'))).refused;
      expect(refused).toMatchObject({
        file: bad,
        code: 'not-a-film',
        reason: expect.stringContaining('name the file'),
      });
      const again = (await add(films.at('bad'))).refused[0];
      expect(again).toEqual(refused);
      await expect(add(bad)).rejects.toMatchObject({ code: 'ffprobe-missing' });
      await writeFile(bad, 'Another letter.');
      await expect(add(films.at('bad'))).rejects.toMatchObject({ code: 'ffprobe-missing' });
    } finally {
      if (ffprobe === undefined) delete process.env.BACKLOT_FFPROBE;
      else process.env.BACKLOT_FFPROBE = ffprobe;
    }
    const { refused } = await listCatalog(workspace.context.db);
    expect(refused.find(({ file }) => file === bad)?.reason).not.toContain('name the file');
  });

  it('takes a file that was refused once it is whole', async () => {
    await renderFilm(films.at('cut.mp4'), 3);
    expect((await add(films.at('cut.mp4'))).added[0]).toMatchObject({ frames: 3 });
    const { refused } = await listCatalog(workspace.context.db);
    expect(refused.map(({ file }) => file)).not.toContain(films.at('cut.mp4'));
  });

  it('lists a refused file no longer whose place holds a known film, or which was moved', async () => {
    await cp(films.at('good.mp4'), films.at('bad/text again.mp4'));
    await rename(films.at('text.mp4'), films.at('bad/letter.mp4'));
    await add(films.at('bad'));
    const { refused } = await listCatalog(workspace.context.db);
    const letters = refused.map(({ file }) => file).filter((file) => /text|letter/.test(file));
    expect(letters).toEqual([films.at('bad/letter.mp4')]);
  });

  it('keeps both films where one took the place of the other, and says so', async () => {
    const before = await fileAt(films.at('cut.mp4'));
    await renderFilm(films.at('cut.mp4'), 6);
    await writeFile(films.at('cut.srt'), srt);
    const answer = await add(films.at('cut.mp4'), films.at('cut.srt'));
    expect(answer.added[0]).toMatchObject({ frames: 6, flags: ['unmapped', `replaces-${before.id}`] });
    const newest = answer.added[0]?.id ?? '';
    expect((await listSidecars(workspace.context.db, newest)).length).toBe(1);
    expect((await listSidecars(workspace.context.db, before.id)).length).toBe(0);
  });

  it('follows links once, also where they lead in a circle', async () => {
    await mkdir(films.at('links'));
    await symlink(films.at('links'), films.at('links/again'));
    await symlink(films.at('good.mp4'), films.at('links/good.mp4'));
    const answer = await add(films.at('links'));
    expect(answer.refused.map(({ code }) => code)).toEqual(['repeated']);
    expect(answer.known.map(({ reason }) => reason)).toEqual([expect.stringContaining('the same bytes')]);
    await rm(films.at('links'), { recursive: true });
  });

  it('stops, and blames no film, where the workspace cannot be written to', async () => {
    await renderFilm(films.at('fresh.mp4'), 9);
    const paths = { ...workspace.context.paths, root: films.at('good.mp4') };
    const work = addFiles({ ...workspace.context, paths }, { paths: [films.at('fresh.mp4')] });
    await expect(work).rejects.toMatchObject({ code: 'workspace-unwritable' });
    await rm(films.at('fresh.mp4'));
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
    expect((await listTitles(workspace.context.db)).filter(({ unmapped }) => unmapped).length).toBe(4);
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
      const work = examine(films.at('good.mp4'), { ...options, sequence: null, stallSeconds: 1 });
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
