import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { idOf, size, takes, testReport } from './report.test-support.ts';
import { purgeReportPictures, refreshReport, writeReport } from './report.ts';
import type { ReportInput } from './schema.ts';
import { listChecks, listVerdicts, saveCheck } from './store.ts';
import { giveVerdict, importVerdicts } from './verdict.ts';

let context: Context;
let close: () => Promise<void>;
let input: ReportInput;

function* picture() {
  for (let frame = 0; frame < 17; frame++) yield Buffer.alloc(size.width * size.height * 3, frame * 12);
}

async function addTakes(video: string): Promise<void> {
  const file = { rawPath: video, rawSha256: 'a', videoPath: video, videoSha256: 'b', runId: 'run_1' };
  const rows = takes.map((take) => ({
    ...{
      id: idOf(take),
      briefId: take.brief,
      brief: { id: take.brief, text: 'made up' },
      modelId: take.arm,
      candidate: take.n,
      seed: 1,
      ...file,
    },
  }));
  await context.db.insert(tables.generateTakes).values(rows);
}

beforeAll(async () => {
  ({ context, close } = await testContext());
  const masters = join(context.paths.root, 'made up "clips"');
  await mkdir(masters);
  const [video, thumbnail] = [join(masters, 'one.mp4'), join(masters, 'one.svg')];
  await encodeVideo({ path: video, ...size, fps: '12', frames: picture() });
  await writeFile(
    thumbnail,
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"><rect width="3" height="2"/></svg>',
  );
  await addTakes(video);
  input = testReport(video, thumbnail);
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

/** A busy machine may take long to load what plays at once on a quiet one. */
const patience = { timeout: 60_000 };

const haveBrowser = await access('/usr/bin/chromium').then(
  () => true,
  () => false,
);

/** A page with everything that went wrong in it, requests to anywhere but `home` among it. */
async function openPage(
  browser: Browser,
  url: string,
  home: string,
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const faults: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('requestfailed', (request) => faults.push(`failed: ${request.url()}`));
  page.on(
    'request',
    (request) =>
      /^(data|blob):/.test(request.url()) || request.url().startsWith(home) || faults.push(request.url()),
  );
  await page.goto(url);
  return { page, faults };
}

/** Serves a folder as `backlot serve` does, and keeps what is posted. */
async function serve(folder: string, posts: unknown[]): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const body = await new Response(request as unknown as ReadableStream).text();
      posts.push({ url: request.url, ...JSON.parse(body) });
      response.end('{}');
      return;
    }
    const content = await readFile(join(folder, normalize(request.url ?? '/'))).catch(() => null);
    const type = request.url?.endsWith('.html')
      ? 'text/html'
      : request.url?.endsWith('.svg')
        ? 'image/svg+xml'
        : 'video/mp4';
    response.writeHead(content ? 200 : 404, { 'content-type': type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

async function judge(page: Page, take: string, note: string): Promise<void> {
  await page.locator(`#takes [data-take=${take}]`).click();
  await page.waitForFunction(
    () =>
      (
        globalThis as never as { document: { querySelector: (s: string) => { readyState: number } } }
      ).document.querySelector('#screen').readyState >= 2,
  );
  await page.locator('[data-step="1"]').click();
  await page.locator('#note').fill(note);
  await page.locator('#judge button.usable').click();
}

test.skipIf(!haveBrowser)(
  'opened as a file: takes play, a verdict is kept, exported, and can be imported',
  async () => {
    const url = pathToFileURL(await writeReport(context, input)).href;
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
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

test.skipIf(!haveBrowser)(
  'served: a verdict goes to the workspace and nothing waits for export',
  async () => {
    const folder = dirname(await writeReport(context, input));
    const posts: unknown[] = [];
    const { server, url } = await serve(folder, posts);
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    try {
      const { page, faults } = await openPage(browser, `${url}/index.html`, url);
      await judge(page, 'tak_b2scratch0', 'too soft');
      await expect.poll(() => page.locator('#saved').textContent(), patience).toBe('Saved in the workspace.');
      const [post] = posts as [{ frame: number }];
      expect(post).toMatchObject({
        url: '/api/review/verdict',
        take: 'tak_b2scratch0',
        verdict: 'usable',
        note: 'too soft',
      });
      expect(Number.isInteger(post.frame)).toBe(true);
      expect(await page.locator('#tray').isHidden()).toBe(true);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      server.close();
    }
  },
  120_000,
);
