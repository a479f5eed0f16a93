import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { haveBrowser, judge, launched, openPage, patience } from './page.test-support.ts';
import { picture, reported, size, takes } from './report.test-support.ts';
import { purgeReportPictures, refreshReport, writeReport } from './report.ts';
import type { ReportInput } from './schema.ts';
import { listChecks, listVerdicts, saveCheck } from './store.ts';
import { giveVerdict, importVerdicts } from './verdict.ts';

let context: Context;
let close: () => Promise<void>;
let input: ReportInput;

beforeAll(async () => {
  ({ context, close } = await testContext());
  input = await reported(context);
}, 120_000);
afterAll(() => close());

test('a report is a folder of its own: every file that the page names lies in it', async () => {
  const page = await writeReport(context, input);
  const text = await readFile(page, 'utf8');
  const named = [...text.matchAll(/(?:data-src|src|poster)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(takes.length);
  await Promise.all(named.map((name) => access(join(dirname(page), name))));
  expect(text).not.toContain(context.paths.root);
  expect(text).not.toMatch(/(src|href|url\()\s*=?\s*["']?https?:/);
});

test('writing a report again replaces it and leaves no draft behind', async () => {
  await writeReport(context, input);
  await writeReport(context, { ...input, takes: input.takes.slice(0, 2) });
  expect(await readdir(context.paths.reports)).toEqual(['test']);
  expect(await readdir(join(context.paths.reports, 'test', 'takes'))).toHaveLength(2);
});

test('until its video is there a take shows its first frame; one whose frames are gone shows none', async () => {
  const frames = join(context.paths.root, 'one.u8');
  await writeFile(frames, Buffer.concat([...picture()].slice(3)));
  await writeFile(`${frames}.cut`, 'too short');
  const stills = [frames, `${frames}.cut`, join(context.paths.root, 'gone.u8')];
  const given = input.takes.slice(0, 3).map((take, at) => ({ ...take, still: stills[at] ?? null }));
  const page = await writeReport(context, { ...input, takes: given });
  const posters = [...(await readFile(page, 'utf8')).matchAll(/poster="([^"]+)"/g)].map((match) => match[1]);
  expect(new Set(posters)).toEqual(new Set([`takes/${given[0]?.id}.png`]));
  const { loadImage } = await import('@napi-rs/canvas');
  const still = await loadImage(join(dirname(page), posters[0] ?? ''));
  expect([still.width, still.height]).toEqual([size.width, size.height]);
});

test('a report that cannot be written whole leaves the one before as it was', async () => {
  const page = await writeReport(context, input);
  const broken = input.takes.map((take) => ({ ...take, video: '/nowhere.mp4' }));
  await expect(writeReport(context, { ...input, takes: broken })).rejects.toThrow('nowhere');
  expect(await readFile(page, 'utf8')).toContain('made-up text');
  expect(await readdir(context.paths.reports)).toEqual(['test']);
});

test('pictures of refused shots can be taken out of all reports; nothing that the pages name is missing then', async () => {
  const page = await writeReport(context, input);
  expect(await readdir(join(dirname(page), 'refused'))).not.toEqual([]);
  await purgeReportPictures(context);
  expect(await readdir(dirname(page))).not.toContain('refused');
  const text = await readFile(page, 'utf8');
  expect(text).toContain('made-up text');
  expect(text).not.toContain('refused/');
});

test('verdicts given since appear when the report is written again, apart from the checks', async () => {
  await writeReport(context, input);
  await saveCheck(
    context.db,
    { takeId: 'tak_b1base0', checkerSha256: null, verdict: 'unchecked', reasons: [] },
    null,
  );
  await giveVerdict(context, {
    take: 'tak_b1base0',
    verdict: 'not_usable',
    note: 'the hat flickers',
    frame: 9,
  });
  const written = await refreshReport(context, undefined);
  expect(await actsIn(context.db)).toMatchObject([{ what: 'review.verdict', subject: 'tak_b1base0' }]);
  expect(written).toMatchObject({ takes: takes.length, verdicts: 1 });
  expect(await readFile(written.report, 'utf8')).toContain('the hat flickers');
  expect(await listChecks(context.db)).toMatchObject([{ verdict: 'unchecked' }]);
});

test('a verdict on a frame that the take does not have is refused with the range, given or imported', async () => {
  const take = 'tak_b2base1';
  const beyond = giveVerdict(context, { take, verdict: 'usable', note: '', frame: 17 });
  await expect(beyond).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('0 to 16, found 17'),
  });
  const file = join(context.paths.root, 'frames.json');
  const verdicts = [99, 16].map((frame) => ({ take, verdict: 'usable', note: '', frame }));
  await writeFile(file, JSON.stringify({ report: 'test', verdicts }));
  const refused = [{ take, reason: expect.stringContaining('0 to 16, found 99') }];
  expect(await importVerdicts(context, file)).toEqual({ added: 1, known: 0, refused });
});

test('a verdict on a take that is not here is refused, and so is a report that is not there', async () => {
  const unknown = giveVerdict(context, { take: 'tak_none', verdict: 'usable', note: '' });
  await expect(unknown).rejects.toMatchObject({ code: 'no-such-take' });
  await expect(refreshReport(context, 'none')).rejects.toMatchObject({ code: 'no-such-report' });
});

test.skipIf(!haveBrowser)(
  'opened as a file: takes play, a verdict is kept, exported, and can be imported',
  async () => {
    const url = pathToFileURL(await writeReport(context, input)).href;
    const browser = await launched();
    try {
      const { page, faults } = await openPage(browser, url, 'file:');
      await page.locator('#takes').scrollIntoViewIfNeeded();
      await expect
        .poll(
          () =>
            page.evaluate('[...document.querySelectorAll("#takes video")].filter((v) => !v.paused).length'),
          patience,
        )
        .toBeGreaterThan(3);
      await judge(page, 'tak_b1adapter1', 'good light');
      await page.keyboard.press('Escape');
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#export').click()]);
      const file = join(context.paths.root, 'exported.json');
      await download.saveAs(file);
      expect(await importVerdicts(context, file)).toEqual({ added: 1, known: 0, refused: [] });
      expect(await importVerdicts(context, file)).toEqual({ added: 0, known: 1, refused: [] });
      expect(await listVerdicts(context.db, 'tak_b1adapter1')).toMatchObject([
        { verdict: 'usable', note: 'good light' },
      ]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  120_000,
);
