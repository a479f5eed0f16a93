import { existsSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listTakes } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { writePage } from './report.ts';
import { isRealFolder, pages, reportFolders, reportIn } from './report-folders.ts';
import type { Report } from './schema.ts';

/** Words of briefs in reports: in the page, and in the signed copies of takes. */

type Where = Pick<Context, 'db' | 'paths'>;

/** What a page says in place of words that a withdrawal has removed. */
export const REMOVED_WORDS = 'A caption of what was withdrawn: the words are removed.';

/** Signed copies of the takes in reports. */
export async function reportCopies(
  { paths }: Pick<Context, 'paths'>,
  takes: readonly string[],
): Promise<string[]> {
  const wanted = new Set(takes);
  const { read, unread, unreached } = await reportsHere({ paths });
  const signed = read.flatMap(({ folder, report }) =>
    report.takes
      .filter(({ id, signed }) => wanted.has(id) && signed !== null)
      .map(({ video }) => join(folder, video)),
  );
  const byName = [...unread, ...unreached].flatMap((folder) => takes.map((id) => copyIn(folder, id)));
  const copies = [...signed, ...byName];
  const there: string[] = [];
  // Behind a link they are not ours.
  for (const path of copies) if (existsSync(path) && (await isRealFolder(dirname(path)))) there.push(path);
  return there;
}

/** Pages that may hold words of the takes and cannot be written anew, as nobody can read what they were made of. What the disk did not give may be read again. */
export async function reportsUnread(
  { paths }: Pick<Context, 'paths'>,
  takes: readonly string[],
): Promise<string[]> {
  const { unread } = await reportsHere({ paths });
  return unread
    .filter((folder) => takes.some((id) => existsSync(copyIn(folder, id))))
    .flatMap((folder) => pages.map((name) => join(folder, name)))
    .filter((path) => existsSync(path));
}

const copyIn = (folder: string, take: string): string => join(folder, 'takes', `${take}.mp4`);

/** Takes the words of these takes out of all reports; their copies become those of the unsigned videos, which hold none. */
export async function purgeReportWords({ db, paths }: Where, takes: readonly string[]): Promise<void> {
  const videos = new Map((await listTakes(db, takes)).map(({ id, videoPath }) => [id, videoPath]));
  const { read, unread, unreached } = await reportsHere({ paths });
  for (const path of await reportsUnread({ paths }, takes)) await rm(path, { force: true });
  for (const folder of [...unread, ...unreached]) await exchangeIn(folder, videos);
  for (const one of read) await purgeReport(one, videos);
}

/** Unsigned videos by take. */
type Videos = ReadonlyMap<string, string>;

async function exchangeIn(folder: string, videos: Videos): Promise<void> {
  for (const [id, video] of videos)
    if (existsSync(copyIn(folder, id))) await exchange(video, copyIn(folder, id));
}

async function purgeReport(
  { folder, report }: { folder: string; report: Report },
  videos: Videos,
): Promise<void> {
  const held = report.takes.filter(({ id }) => videos.has(id));
  if (held.length === 0) return;
  for (const { id, video } of held) await exchange(videos.get(id) ?? '', join(folder, video));
  const cleared = report.takes.map((take) =>
    videos.has(take.id) ? { ...take, text: REMOVED_WORDS, signed: null } : take,
  );
  await writePage(folder, { ...report, takes: cleared });
}

/** A video that is gone leaves no copy. */
async function exchange(video: string, copy: string): Promise<void> {
  if (!(await isRealFolder(dirname(copy)))) return;
  if (!existsSync(video)) return rm(copy, { force: true });
  await copyFile(video, `${copy}.tmp`);
  await rename(`${copy}.tmp`, copy);
}

async function reportsHere(context: Pick<Context, 'paths'>) {
  const read: { folder: string; report: Report }[] = [];
  const unread: string[] = [];
  const unreached: string[] = [];
  for (const folder of await reportFolders(context)) {
    const { report, failed } = await reportIn(folder);
    if (report) read.push({ folder, report });
    else (failed ? unreached : unread).push(folder);
  }
  return { read, unread, unreached };
}
