import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspacePaths } from '../jobs/index.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import type { ExportRecord } from './export-schema.ts';

/**
 * Which shots the videos of exports show, by their bytes: those lie outside, may be moved and copied one by one, and are material of their
 * films still (ADR 0166). Neither pictures nor words are in it, so a withdrawal leaves it.
 */

const folderIn = ({ root }: Pick<WorkspacePaths, 'root'>): string => join(root, 'exported');

/** Keeps it of one export, before the first of its videos leaves. */
export async function keepExported(
  paths: Pick<WorkspacePaths, 'root'>,
  clips: readonly Pick<ExportRecord['clips'][number], 'sha256' | 'shot'>[],
): Promise<void> {
  const shots = Object.fromEntries(clips.map((clip) => [clip.sha256, clip.shot]));
  const text = `${canonicalJson(shots)}\n`;
  const path = join(folderIn(paths), `${sha256(text)}.json`);
  await mkdir(folderIn(paths), { recursive: true });
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

/** The shots of videos that were exported, by sha256; of others nothing is said. */
export async function shotsOfExported(
  paths: Pick<WorkspacePaths, 'root'>,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const names = hashes.length === 0 ? [] : await readdir(folderIn(paths)).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const text = await readFile(join(folderIn(paths), name), 'utf8');
    const own = hashes.filter((hash) => text.includes(hash));
    if (own.length === 0) continue;
    const shots = JSON.parse(text) as Record<string, string>;
    for (const hash of own) if (shots[hash] !== undefined) found.set(hash, shots[hash]);
  }
  return found;
}
