import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fileHash } from '../jobs/index.ts';
import { cachedCut, pruneCache } from './cache.ts';
import { sha256 } from './canonical.ts';
import { cutClips, type FilmCut } from './cut.ts';
import { writeFilm } from './films.test-support.ts';

const frameBytes = 64 * 96 * 3;
const windows = [
  [10, 12, 14, 17, 19],
  [14, 16, 18, 20, 22],
  [18, 19, 20, 21, 22],
];

let folder = '';
let film: FilmCut & { sha256: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-cut-'));
  const path = join(folder, 'a film.mp4');
  await writeFilm(path, 40, (frame) => 20 + 5 * frame);
  const crop = { x: 0, y: 0, width: 192, height: 128 };
  film = {
    path,
    crop,
    width: 96,
    height: 64,
    deinterlace: false,
    soften: 0,
    windows,
    sha256: await fileHash(path),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cutting clips', () => {
  it('writes for each clip exactly the frames asked for, and names it by its bytes', async () => {
    const target = join(folder, 'clips.u8');
    const cut = await cutClips(film, target);
    const bytes = await readFile(target);
    expect(bytes.length).toBe(3 * 5 * frameBytes);
    const shown = windows.flat().map((_, i) => Math.round(((bytes[i * frameBytes] ?? 0) - 20) / 5));
    expect(shown).toEqual(windows.flat());
    const clips = windows.map((_, i) => bytes.subarray(i * 5 * frameBytes, (i + 1) * 5 * frameBytes));
    expect(cut.map((clip) => clip.id)).toEqual(clips.map(sha256));
  });

  it('tells a clip of one colour, or black, from one that shows something', async () => {
    const path = join(folder, 'half flat.mp4');
    const levels = [120, null, 4];
    await writeFilm(path, 18, (frame, column) => levels[Math.floor(frame / 6)] ?? 60 + 8 * column);
    const target = join(folder, 'flat.u8');
    const cut = await cutClips(
      {
        ...film,
        path,
        windows: [
          [0, 1, 2, 3, 4],
          [6, 7, 8, 9, 10],
          [12, 13, 14, 15, 16],
        ],
      },
      target,
    );
    expect(cut.map((clip) => clip.nothing)).toEqual(['flat', null, 'black']);
  });

  it('says so where the film ends before a frame that was catalogued', async () => {
    const cut = cutClips({ ...film, windows: [[38, 39, 40]] }, join(folder, 'short.u8'));
    await expect(cut).rejects.toMatchObject({ code: 'film-too-short' });
  });
});

describe('the cache of cut clips', () => {
  it('decodes a film once, and again where other frames are asked for', async () => {
    const cache = join(folder, 'cache');
    const onFrame = vi.fn();
    const first = await cachedCut(cache, film, { onFrame });
    expect(onFrame).toHaveBeenCalledTimes(13);
    expect(await cachedCut(cache, film, { onFrame })).toEqual(first);
    expect(onFrame).toHaveBeenCalledTimes(13);
    const other = await cachedCut(cache, { ...film, windows: windows.slice(1) }, { onFrame });
    expect(other.clips).toEqual(first.clips.slice(1));
    await pruneCache(cache, new Set([other.key]));
    expect(await readdir(cache)).toEqual([other.key]);
  });

  it('refuses a master that is not the one that was catalogued, or is gone', async () => {
    const cache = join(folder, 'other cache');
    const changed = cachedCut(cache, { ...film, sha256: 'f'.repeat(64) }, {});
    await expect(changed).rejects.toMatchObject({ code: 'master-changed' });
    const gone = cachedCut(cache, { ...film, path: join(folder, 'gone.mp4') }, {});
    await expect(gone).rejects.toMatchObject({ code: 'master-missing' });
  });
});
