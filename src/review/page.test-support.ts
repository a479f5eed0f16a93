import { access } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

export const haveBrowser: boolean = await access(executablePath).then(
  () => true,
  () => false,
);

export const launched = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A busy machine may take long to load what plays at once on a quiet one. */
export const patience = { timeout: 60_000 };

/** A page with everything that went wrong in it, requests to anywhere but `home` among it. */
export async function openPage(
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

/** Opens a take, goes a frame on and calls it usable. */
export async function judge(page: Page, take: string, note: string): Promise<void> {
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
