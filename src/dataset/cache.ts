import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertUnchanged } from '../catalog/index.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { type CutClip, type CutOptions, cutClips, type FilmCut } from './cut.ts';

/** Changes when the same film and windows would give other bytes, or other words for clips that show nothing. */
const cutterVersion = 5;

/** The clips of one film as they lie in the cache: raw clips of equal length, one after the other. */
export interface CutFilm {
  key: string;
  path: string;
  /** In the order of the windows asked for. */
  clips: CutClip[];
}

/**
 * The clips of a film, cut now or taken from an earlier freeze that asked for the same. A film is cached whole or not
 * at all, so that a freeze that was killed repeats one film at most.
 * @param cache folder of the cache, one entry for each film and list of windows
 * @throws BacklotError `master-changed`, `master-missing`
 */
export async function cachedCut(
  cache: string,
  film: FilmCut & { sha256: string },
  options: CutOptions,
): Promise<CutFilm> {
  const key = cutKey(film);
  const folder = join(cache, key);
  const known = await readFile(join(folder, 'clips.json'), 'utf8').catch(() => null);
  const clips = known === null ? await cutInto(folder, film, options) : (JSON.parse(known) as CutClip[]);
  return { key, path: join(folder, 'clips.u8'), clips };
}

/** The name of a film's cut in the cache: other bytes, windows or pictures have another. */
export function cutKey({ path: _, ...content }: FilmCut & { sha256: string }): string {
  return sha256(canonicalJson({ cutterVersion, ...content }));
}

async function cutInto(
  folder: string,
  film: FilmCut & { sha256: string },
  options: CutOptions,
): Promise<CutClip[]> {
  await assertUnchanged(film.path, film.sha256);
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const clips = await cutClips(film, join(part, 'clips.u8'), options);
  await writeSynced(join(part, 'clips.json'), JSON.stringify(clips));
  await rename(part, folder);
  return clips;
}

/** Removes what the newest freeze did not use, so that the cache is never larger than one dataset. */
export async function pruneCache(cache: string, used: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(cache).catch(() => []);
  const unused = entries.filter((entry) => !used.has(entry));
  await Promise.all(unused.map((entry) => rm(join(cache, entry), { recursive: true, force: true })));
}

/** Writes a file whole and waits until the disk has it. */
export async function writeSynced(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}
