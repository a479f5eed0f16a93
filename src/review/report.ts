import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { z } from 'zod';
import { BacklotError, slugOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { pngOf } from '../media/index.ts';
import { recordStanding, standing } from '../rights/index.ts';
import { withdrawalsOn } from '../train/index.ts';
import { renderReport } from './page/page.ts';
import { draftPrefix, refusedIn, reportDrafts, reportFolders, reportIn } from './report-folders.ts';
import { type Report, type ReportInput, type reportOutputSchema, reportSchema } from './schema.ts';
import { listVerdicts } from './store.ts';
import { writtenReports } from './written-reports.ts';

/**
 * Writes a report into `reports/<name>/`: `index.html`, `report.json` and copies of the takes and thumbnails it shows,
 * so that the folder can be moved or sent as it is. A report of this name is replaced, whole or not at all.
 * @returns path of the page
 */
export async function writeReport(context: Context, input: ReportInput): Promise<string> {
  const by = await standing(context.db);
  const verdicts = await listVerdicts(context.db);
  const report = await marked(
    context,
    reportSchema.parse({ ...input, verdicts: verdicts.filter(onTakesOf(input)) }),
  );
  const folder = join(context.paths.reports, slugOf(report.name));
  await mkdir(context.paths.reports, { recursive: true });
  for (const left of await reportDrafts(context)) await rm(left, { recursive: true, force: true });
  const draft = await mkdtemp(join(context.paths.reports, draftPrefix));
  try {
    const shown = await gather(report, draft);
    await writePage(draft, shown);
    const again = async () => writePage(draft, await marked(context, shown));
    await recordStanding(context.db, by, again, async () => {
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(folder, 'index.html');
}

/** Writes a report's page again, with the verdicts that people have given since, and withdrawals. */
export async function refreshReport(
  context: Context,
  name: string | undefined,
): Promise<z.infer<typeof reportOutputSchema>> {
  const folder = await findReport(context.paths.reports, name);
  const stored = reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
  const verdicts = (await listVerdicts(context.db)).filter(onTakesOf(stored));
  await writePage(folder, await marked(context, { ...stored, verdicts }));
  return { report: join(folder, 'index.html'), takes: stored.takes.length, verdicts: verdicts.length };
}

/** Removes the pictures of refused shots from all reports: they are copies of thumbnails. The reports say the rest as before. */
export async function purgeReportPictures(context: Pick<Context, 'paths'>): Promise<void> {
  for (const folder of await reportFolders(context)) {
    const { report } = await reportIn(folder);
    const examples = report?.rights?.examples.map((one) => ({ ...one, thumbnail: null }));
    if (report?.rights && examples)
      await writePage(folder, { ...report, rights: { ...report.rights, examples } });
    await rm(refusedIn(folder), { recursive: true, force: true });
  }
}

/** Says of takes in reports which withdrawals have reached them, where `unmarked` names none. The copies stay, as the takes do. */
export async function markWithdrawn(
  context: Pick<Context, 'db' | 'paths'>,
  pages: readonly string[],
): Promise<void> {
  const ours = new Set(await reportFolders(context));
  for (const folder of pages.map((page) => dirname(page)).filter((one) => ours.has(one))) {
    const { report } = await reportIn(folder);
    if (report) await writePage(folder, await marked(context, report));
  }
}

async function marked({ db }: Pick<Context, 'db'>, report: Report): Promise<Report> {
  const ids = report.takes.map(({ id }) => id);
  const reached = await withdrawalsOn(db, 'take', ids);
  return {
    ...report,
    takes: report.takes.map((take) => ({ ...take, withdrawn: reached.get(take.id) ?? [] })),
  };
}

function onTakesOf(report: Pick<ReportInput, 'takes'>): (verdict: { take: string }) => boolean {
  const ids = new Set(report.takes.map(({ id }) => id));
  return ({ take }) => ids.has(take);
}

type Examples = NonNullable<Report['rights']>['examples'];

/** Copies what the report shows into `folder`; the report that comes back names the copies. */
async function gather(report: Report, folder: string): Promise<Report> {
  await mkdir(join(folder, 'takes'));
  await mkdir(join(folder, 'refused'));
  const take = async (path: string, name: string) => {
    await copyFile(path, join(folder, name));
    return name;
  };
  const takes: Report['takes'] = [];
  for (const one of report.takes) {
    const still = one.still && (await writeStill(one.still, report.picture, folder, `takes/${one.id}.png`));
    takes.push({ ...one, video: await take(one.video, `takes/${one.id}.mp4`), still });
  }
  if (!report.rights) return { ...report, takes };
  const examples: Examples = [];
  for (const [at, one] of report.rights.examples.entries()) {
    const name = one.thumbnail && `refused/${at + 1}${extname(one.thumbnail)}`;
    examples.push({ ...one, thumbnail: one.thumbnail && name && (await take(one.thumbnail, name)) });
  }
  return { ...report, takes, rights: { ...report.rights, examples } };
}

/** Writes the first of raw frames as a PNG and returns its name; null where they are gone. */
async function writeStill(
  frames: string,
  { width, height }: Report['picture'],
  folder: string,
  name: string,
): Promise<string | null> {
  const file = await open(frames).catch(() => null);
  if (!file) return null;
  const first = Buffer.alloc(width * height * 3);
  const { bytesRead } = await file.read(first, 0, first.length, 0).finally(() => file.close());
  if (bytesRead < first.length) return null;
  await writeFile(join(folder, name), await pngOf(first, width, height));
  return name;
}

export async function writePage(folder: string, report: Report): Promise<void> {
  await writeWhole(join(folder, 'report.json'), JSON.stringify(report, null, 2));
  await writeWhole(join(folder, 'index.html'), renderReport(report));
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

async function findReport(reports: string, name: string | undefined): Promise<string> {
  const [newest] = await writtenReports(reports, name === undefined ? undefined : [slugOf(name)]);
  if (newest) return newest.folder;
  throw new BacklotError('no-such-report', {
    expected: name === undefined ? 'a report' : `a report named ${name}`,
    where: reports,
    found: 'none',
    remedy:
      'Reports are the folders there: name one of them, or write one with `backlot generate`, `backlot run` or `backlot demo`.',
  });
}
