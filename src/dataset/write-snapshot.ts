import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSynced } from './cache.ts';
import { sha256 } from './canonical.ts';
import { writeTable } from './manifest-table.ts';

const shardClips = 1000;

/** Where a clip's raw bytes lie now. */
export interface RawClip {
  id: string;
  path: string;
  offset: number;
  bytes: number;
}

export interface Placed {
  shard: string;
  offset: number;
}

/** The shard and offset of each clip, clips in the order of their ids, all of the same length. */
export function placesOf(ids: readonly string[], bytes: number): Map<string, Placed> {
  const place = (i: number) => ({
    shard: shardName(Math.floor(i / shardClips)),
    offset: (i % shardClips) * bytes,
  });
  return new Map([...ids].sort().map((id, i) => [id, place(i)]));
}

const shardName = (index: number) => `shard-${String(index).padStart(5, '0')}.u8`;

/**
 * Writes a snapshot's folder whole: under a temporary name, flushed to disk, then renamed. Its name is the digest; a
 * second snapshot of the same clips on other grounds (another ledger, another day) gets a folder of its own beside it.
 * @param texts files by name, `manifest.jsonl`, `clips.jsonl` and `snapshot.json` among them
 * @returns the folder, written now or found as it must be
 */
export async function writeSnapshot(
  datasets: string,
  digest: string,
  texts: Record<string, string>,
  clips: readonly RawClip[],
): Promise<string> {
  const record = texts['snapshot.json'] ?? '';
  const first = join(datasets, digest);
  const folder = (await isAbsentOr(first, record)) ? first : `${first}-${sha256(record).slice(0, 12)}`;
  if ((await recordIn(folder)) === record) return folder;
  await removeUnfinished(datasets);
  const part = `${folder}.part`;
  await mkdir(part, { recursive: true });
  await writeShards(part, clips, first);
  for (const [name, text] of Object.entries(texts)) await writeSynced(join(part, name), text);
  await writeTable(part);
  await syncFolder(part);
  await rename(part, folder);
  await syncFolder(datasets);
  return folder;
}

const recordIn = (folder: string) => readFile(join(folder, 'snapshot.json'), 'utf8').catch(() => null);

/** What a freeze that was killed left behind: the workspace's lock says that no other is at work. */
async function removeUnfinished(datasets: string): Promise<void> {
  const names = await readdir(datasets).catch(() => []);
  const unfinished = names.filter((name) => name.endsWith('.part'));
  await Promise.all(unfinished.map((name) => rm(join(datasets, name), { recursive: true, force: true })));
}

async function isAbsentOr(folder: string, record: string): Promise<boolean> {
  const found = await recordIn(folder);
  return found === null || found === record;
}

/** Shards of an equal snapshot hold the same bytes, so they are shared where the disk can. */
async function writeShards(part: string, clips: readonly RawClip[], equal: string): Promise<void> {
  const sorted = [...clips].sort((a, b) => (a.id < b.id ? -1 : 1));
  await using cuts = openCuts();
  for (let i = 0; i * shardClips < sorted.length; i++) {
    const path = join(part, shardName(i));
    const shared = await link(join(equal, shardName(i)), path).then(
      () => true,
      () => false,
    );
    if (!shared) await writeShard(path, sorted.slice(i * shardClips, (i + 1) * shardClips), cuts.at);
  }
}

export type OpenAt = (path: string) => Promise<FileHandle>;

async function writeShard(path: string, clips: readonly RawClip[], openAt: OpenAt): Promise<void> {
  await using shard = await open(path, 'w');
  for (const clip of clips) await shard.write(await bytesOf(await openAt(clip.path), clip));
  await shard.sync();
}

/** Files that are open at a time; many systems allow a process 1024. */
const mostOpen = 256;

/** Files of clips, each opened once as long as they are not too many: a shard's clips come from all cut films. */
export function openCuts() {
  const files = new Map<string, FileHandle>();
  const closeAll = async () => {
    for (const file of files.values()) await file.close();
    files.clear();
  };
  const at: OpenAt = async (path) => {
    const known = files.get(path);
    if (known) return known;
    if (files.size >= mostOpen) await closeAll();
    const file = await open(path, 'r');
    files.set(path, file);
    return file;
  };
  return { at, [Symbol.asyncDispose]: closeAll };
}

/** The bytes of one clip. */
export async function bytesOf(
  file: FileHandle,
  { offset, bytes }: Pick<RawClip, 'offset' | 'bytes'>,
): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
