import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listTakes } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { writePage } from './report.ts';
import { type Report, reportSchema } from './schema.ts';

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
  const reports = await reportsHere(paths.reports);
  return reports.flatMap(({ folder, report }) =>
    report.takes
      .filter(({ id, signed }) => wanted.has(id) && signed !== null)
      .map(({ video }) => join(folder, video))
      .filter((path) => existsSync(path)),
  );
}

/** Takes the words of these takes out of all reports; their copies become those of the unsigned videos, which hold none. */
export async function purgeReportWords({ db, paths }: Where, takes: readonly string[]): Promise<void> {
  const videos = new Map((await listTakes(db, takes)).map(({ id, videoPath }) => [id, videoPath]));
  for (const { folder, report } of await reportsHere(paths.reports)) {
    const held = report.takes.filter(({ id }) => videos.has(id));
    if (held.length === 0) continue;
    for (const { id, video } of held) await exchange(videos.get(id) ?? '', join(folder, video));
    const cleared = report.takes.map((take) =>
      videos.has(take.id) ? { ...take, text: REMOVED_WORDS, signed: null } : take,
    );
    await writePage(folder, { ...report, takes: cleared });
  }
}

/** A video that is gone leaves no copy. */
async function exchange(video: string, copy: string): Promise<void> {
  if (!existsSync(video)) return rm(copy, { force: true });
  await copyFile(video, `${copy}.tmp`);
  await rename(`${copy}.tmp`, copy);
}

async function reportsHere(reports: string): Promise<{ folder: string; report: Report }[]> {
  const found: { folder: string; report: Report }[] = [];
  for (const name of (await readdir(reports).catch(() => [])).sort()) {
    const folder = join(reports, name);
    const text = await readFile(join(folder, 'report.json'), 'utf8').catch(() => null);
    if (text !== null) found.push({ folder, report: reportSchema.parse(JSON.parse(text)) });
  }
  return found;
}
