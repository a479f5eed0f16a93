import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { haveBrowser, launched, openPage } from '../page.test-support.ts';
import { testReport } from '../report.test-support.ts';
import { reportSchema } from '../schema.ts';
import { renderReport } from './page.ts';

/** The page of a report one of whose takes a withdrawal has reached. */
function pageWith(reached: string): string {
  const report = testReport('takes/one.mp4', 'refused/1.svg');
  const withdrawn = [{ row: 'titles/harbour', at: '2026-05-02T08:00:00.000Z' }];
  const takes = report.takes.map((take) => (take.id === reached ? { ...take, withdrawn } : take));
  return renderReport(reportSchema.parse({ ...report, takes }));
}

test.skipIf(!haveBrowser)(
  'an opened take is called withdrawn only where a withdrawal has reached it, and by which',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'backlot-page-'));
    await writeFile(join(folder, 'index.html'), pageWith('tak_b1base0'));
    const browser = await launched();
    try {
      const { page } = await openPage(browser, pathToFileURL(join(folder, 'index.html')).href, 'file:');
      const saidOf = async (take: string) => {
        await page.locator(`#takes [data-take=${take}]`).click({ timeout: 60_000 });
        const said = await page.locator('#viewer-signed').textContent();
        await page.keyboard.press('Escape');
        return said;
      };
      expect(await saidOf('tak_b1base1')).toBe('Signed (C2PA), read back as Trusted.');
      const reached = await saidOf('tak_b1base0');
      expect(reached).toBe('WITHDRAWN: titles/harbour, 2026-05-02. Signed (C2PA), read back as Trusted.');
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  180_000,
);
