import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDb } from '../../src/db/index.ts';
import { workspacePaths } from '../../src/jobs/workspace.ts';
import { haveBrowser, judge, launched, openPage, patience } from '../../src/review/page.test-support.ts';
import { reported } from '../../src/review/report.test-support.ts';
import { writeReport } from '../../src/review/report.ts';
import { testContext } from '../support/context.ts';
import { answerOf, backlot, type Place, place, type Served, served } from './command.ts';

/** A report as people judge it: in a browser, at the address that `serve` prints. */

let here: Place;
let server: Served;
beforeAll(async () => {
  here = await place();
  expect((await backlot('catalog', 'add', here.films, '--workspace', here.workspace)).code).toBe(0);
  const paths = workspacePaths(here.workspace);
  const { context, close } = await testContext({ paths, db: await openDb(paths.db) });
  await writeReport(context, await reported(context));
  await close();
  server = await served(here.workspace);
});
afterAll(async () => {
  server.serving.child.kill('SIGTERM');
  await server.serving.ended;
  await here.remove();
});

it.skipIf(!haveBrowser)('a verdict that is clicked on a served page is saved in the workspace', async () => {
  const [address = ''] = /http:\S+/.exec(server.serving.said()) ?? [];
  const browser = await launched();
  try {
    const url = address.replace('/reports/', '/reports/test/index.html');
    const { page, faults } = await openPage(browser, url, server.url);
    await judge(page, 'tak_b2scratch0', 'too soft');
    await expect.poll(() => page.locator('#saved').textContent(), patience).toBe('Saved in the workspace.');
    expect(await page.locator('#tray').isHidden()).toBe(true);
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
  }
  const listed = await backlot('review', 'verdicts', '--workspace', here.workspace, '--json');
  expect(answerOf(listed)).toMatchObject({
    verdicts: [{ take: 'tak_b2scratch0', verdict: 'usable', note: 'too soft', person: 'api' }],
  });
});
