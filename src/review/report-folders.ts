import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { type Context, jsonAs } from '../jobs/index.ts';
import { type Report, reportSchema } from './schema.ts';

/** Which folders are reports of this workspace. Where a link leads is not ours, and neither is what somebody has laid beside them. */

type Where = Pick<Context, 'paths'>;

export const draftPrefix = '.draft-';

/** Reports that were being written when their command was killed: copies of takes and pictures of shots, which no page shows. */
export const reportDrafts = async ({ paths }: Where): Promise<string[]> =>
  (await realFolders(paths.reports)).filter((folder) => basename(folder).startsWith(draftPrefix));

async function realFolders(at: string): Promise<string[]> {
  const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(at, name))
    .sort();
}

/** What a report is shown by, and made anew from. */
export const pages = ['index.html', 'report.json'];

/** Those of all reports that are whole, or were. */
export async function reportFolders({ paths }: Where): Promise<string[]> {
  const found: string[] = [];
  for (const folder of await realFolders(paths.reports))
    if (!basename(folder).startsWith('.') && (await isReport(folder))) found.push(folder);
  return found;
}

async function isReport(folder: string): Promise<boolean> {
  const names: string[] = await readdir(folder).catch(() => []);
  // A withdrawal may have removed the pages of one that nobody could read.
  return pages.some((name) => names.includes(name)) || (await takesIn(folder)).length > 0;
}

async function takesIn(folder: string): Promise<string[]> {
  const files = await readdir(join(folder, 'takes')).catch(() => []);
  return files
    .filter((file) => extname(file) === '.mp4')
    .map((file) => basename(file, '.mp4'))
    .sort();
}

export const refusedIn = (folder: string): string => join(folder, 'refused');

/** Folders of the pictures of refused shots, of all reports that have some. */
export async function reportPictures(context: Where): Promise<string[]> {
  const held: string[] = [];
  for (const folder of (await reportFolders(context)).map(refusedIn))
    if (await isRealFolder(folder)) held.push(folder);
  return held;
}

export const isRealFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The report of a folder; null where there is none that this version reads, `failed` where the disk did not give it. */
export async function reportIn(folder: string): Promise<{ report: Report | null; failed: boolean }> {
  try {
    const text = await readFile(join(folder, 'report.json'), 'utf8');
    return { report: jsonAs(text, reportSchema), failed: false };
  } catch (error) {
    return { report: null, failed: (error as NodeJS.ErrnoException).code !== 'ENOENT' };
  }
}

/** Copies of takes in reports: the page of each report with the ids of its takes, by their files, also where `report.json` is damaged or a link leads there. */
export async function reportedTakes({ paths }: Where): Promise<{ page: string; takes: string[] }[]> {
  const found: { page: string; takes: string[] }[] = [];
  for (const name of (await readdir(paths.reports).catch(() => [])).sort()) {
    const takes = await takesIn(join(paths.reports, name));
    if (takes.length > 0) found.push({ page: join(paths.reports, name, 'index.html'), takes });
  }
  return found;
}

/** Those of some pages in which nothing is marked or written anew: nobody can read what they were made of, or a link leads out of the workspace. */
export async function unmarked(context: Where, some: readonly string[]): Promise<string[]> {
  const ours = new Set(await reportFolders(context));
  const found: string[] = [];
  for (const page of some) {
    const folder = dirname(page);
    const isWritten = ours.has(folder) && (await isRealFolder(join(folder, 'takes')));
    if (!isWritten || (await reportIn(folder)).report === null) found.push(page);
  }
  return found;
}
