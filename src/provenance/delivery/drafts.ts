import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Folders of other names in which hand-overs lay out signed takes until they are whole. */

/** Of this process; what others lay out is known by its age alone. */
const atWork = new Set<string>();

/** A take is copied in minutes, also to a share. */
const DEAD_AFTER_MS = 3_600_000;

/** Has a folder beside `to` filled and renamed; what a hand-over to the same place had laid out when it was killed goes first. */
export async function withDraft<T>(to: string, work: (draft: string) => Promise<T>): Promise<T> {
  await removeDead(resolve(to));
  const draft = `${resolve(to)}.${randomUUID()}.partial`;
  atWork.add(draft);
  try {
    return await work(draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
    atWork.delete(draft);
  }
}

const draftName = /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.partial$/;

async function removeDead(to: string): Promise<void> {
  const names = await readdir(dirname(to)).catch(() => []);
  const isDraft = (name: string) =>
    name.startsWith(basename(to)) && draftName.test(name.slice(basename(to).length));
  for (const draft of names.filter(isDraft).map((name) => join(dirname(to), name)))
    if (!atWork.has(draft) && Date.now() - (await lastWritten(draft)) > DEAD_AFTER_MS)
      await rm(draft, { recursive: true, force: true });
}

async function lastWritten(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const paths = [folder, ...names.map((name) => join(folder, name))];
  // One that is gone by now was at work.
  const times = paths.map((path) => stat(path).then(({ mtimeMs }) => mtimeMs, Date.now));
  return Math.max(...(await Promise.all(times)));
}
