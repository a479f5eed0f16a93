import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { removalsSchema } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { readSigned } from '../trust/index.ts';
import type { Withdrawal } from './schema.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

/** A withdrawal where a report or the events of a run are of another version, were changed by hand or damaged, and a signing was killed. */

const goes = [
  ...['reports/old/refused/1.jpg', 'reports/old/index.html', 'reports/old/report.json'],
  ...['reports/old/takes/tak_harbour.mp4', 'takes/signed/tak_harbour.mp4.tmp'],
  'runs/run_torn/texts.json',
];
const stays = ['reports/old/takes/tak_quarry.mp4', 'reports/other/index.html', 'reports/other/report.json'];

let context: Context;
let close: () => Promise<void>;
let withdrawal: Withdrawal;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const words = { text: 'a pier', caption: { shot: 'sht_harbour-0', dataset: 'dst_harbour' } };
  await context.db.execute(
    sql`update generate_takes set brief = brief || ${JSON.stringify(words)}::jsonb where id = 'tak_harbour'`,
  );
  for (const name of [...goes, ...stays]) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), '{"name": "a pier"}');
  }
  await writeFile(at('runs/run_torn/events.jsonl'), '\0\0 "words-shared" a pier\n{"type": "phase"}\n');
  withdrawal = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
});
afterAll(() => close());

const at = (name: string) => join(context.paths.root, name);
const there = (names: readonly string[]) => names.filter((name) => existsSync(at(name)));

it('is followed to its end: clips, pictures and words go, and the report is a task', () => {
  expect(withdrawal.purged).toEqual(['dst_harbour']);
  expect([there(goes), there(stays)]).toEqual([[], stays]);
  expect(withdrawal.tasks.map(({ subject }) => subject)).toContain(`report ${at('reports/old/index.html')}`);
});

it('what the events of a run said of words goes, also where they are damaged', async () => {
  expect(await readFile(at('runs/run_torn/events.jsonl'), 'utf8')).toMatch(/^ +\n\{"type": "phase"\}\n$/);
});

it('all that went stands in the signed record', async () => {
  const path = withdrawal.record ?? '';
  const said = await readSigned(await readFile(path, 'utf8'), 'application/vnd.backlot.deletion+json', path);
  const names = removalsSchema.parse(said).removed.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(goes));
});
