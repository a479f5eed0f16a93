import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { writeReport } from '../review/index.ts';
import { testReport } from '../review/report.test-support.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
const pages: string[] = [];

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const video = join(context.paths.root, 'one.mp4');
  await writeFile(video, 'a video');
  const { rights: _, ...report } = testReport(video, video);
  const [like] = report.takes;
  if (!like) throw new Error('the made-up report has takes');
  const holding = (ids: string[]) => ids.map((id) => ({ ...like, id }));
  for (const [name, ids] of Object.entries({
    'takes-both': ['tak_base', 'tak_harbour'],
    'takes-quarry': ['tak_quarry'],
  }))
    pages.push(await writeReport(context, { ...report, rights: null, name, takes: holding(ids) }));
});
afterAll(() => close());

const revoking = (dryRun: boolean) => withdraw(context, { territory: 'world', dryRun, title: 'harbour' });
const reports = async (dryRun: boolean) =>
  (await revoking(dryRun)).touched.filter(({ kind }) => kind === 'report');

it('a dry run lists reports that hold copies of a reached take, and writes nothing', async () => {
  const before = await readFile(pages[0] ?? '', 'utf8');
  expect(await reports(true)).toEqual([{ kind: 'report', id: pages[0], via: 'tak_harbour' }]);
  expect(await readFile(pages[0] ?? '', 'utf8')).toBe(before);
  expect(before).not.toContain('WITHDRAWN:</strong>');
});

it('a withdrawal marks the reached takes on the page and opens a task on the report', async () => {
  const { tasks, counts } = await revoking(false);
  expect(counts.report).toBe(1);
  expect(tasks.map(({ subject }) => subject)).toContain(`report ${pages[0]}`);
  const [both = '', quarry = ''] = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
  expect(both).toMatch(/WITHDRAWN:<\/strong> titles\/harbour, withdrawn [-\d]{10}, has reached 1 take here/);
  expect(both.match(/class="withdrawn" title="titles\/harbour [-\d]{10}"/g)).toHaveLength(1);
  expect(quarry).not.toContain('WITHDRAWN:</strong>');
});

it('a withdrawal that is given again finds the report still, and a page written anew keeps the mark', async () => {
  expect(await reports(false)).toHaveLength(1);
  const report = JSON.parse(await readFile(join(pages[0] ?? '', '..', 'report.json'), 'utf8'));
  expect(report.takes.map(({ withdrawn }: { withdrawn: unknown }) => withdrawn)).toEqual([
    [],
    [{ row: 'titles/harbour', at: expect.any(String) }],
  ]);
});
