import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

/** A withdrawal where links lead out of `reports/`, somebody keeps a folder of theirs there, and a report is not given by the disk. */

const elsewhere = ['refused/1.jpg', 'index.html', 'report.json', 'takes/tak_harbour.mp4'];
const theirs = ['reports/mine/refused/1.jpg', 'reports/mine/notes.txt'];

let context: Context;
let close: () => Promise<void>;
let outside: string;
let withdrawal: Withdrawal;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  outside = await mkdtemp(join(tmpdir(), 'backlot-'));
  const words = { text: 'a pier', caption: { shot: 'sht_harbour-0', dataset: 'dst_harbour' } };
  await context.db.execute(
    sql`update generate_takes set brief = brief || ${JSON.stringify(words)}::jsonb where id = 'tak_harbour'`,
  );
  const ours = ['reports/inner/index.html', 'reports/busy/index.html', 'reports/busy/takes/tak_harbour.mp4'];
  const files = [...elsewhere.map((name) => join(outside, name)), ...[...theirs, ...ours].map(at)];
  for (const file of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'a pier');
  }
  await symlink(outside, at('reports/linked'));
  for (const name of ['refused', 'takes']) await symlink(join(outside, name), at(`reports/inner/${name}`));
  // What opens no more, as for want of a right or of the disk.
  await symlink('report.json', at('reports/busy/report.json'));
  withdrawal = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
});
afterAll(async () => {
  await close();
  await rm(outside, { recursive: true });
});

const at = (name: string) => join(context.paths.root, name);
const taskOn = (page: string) =>
  withdrawal.tasks.find(({ subject }) => subject === `report ${at(`reports/${page}/index.html`)}`)?.what;

it('nothing goes that a link leads to, nor from a folder that is no report', async () => {
  expect(elsewhere.filter((name) => existsSync(join(outside, name)))).toEqual(elsewhere);
  expect(theirs.filter((name) => existsSync(at(name)))).toEqual(theirs);
  expect(await readdir(at('reports/linked'))).toEqual(await readdir(outside));
});

it('nor does the signed record say so; a page that lies here goes as any other that cannot be written anew', async () => {
  const path = withdrawal.record ?? '';
  const said = await readSigned(await readFile(path, 'utf8'), 'application/vnd.backlot.deletion+json', path);
  const names = removalsSchema.parse(said).removed.map(({ name }) => name);
  expect(names.filter((name) => /^reports.(linked|inner|mine)/.test(name))).toEqual([
    'reports/inner/index.html',
  ]);
});

it('the page of a report that the disk does not give stays, as it can be read again', () => {
  expect(existsSync(at('reports/busy/index.html'))).toBe(true);
});

it('the tasks say that in those reports nothing is marked', () => {
  expect(['linked', 'inner', 'busy'].map(taskOn)).toEqual(
    Array(3).fill(expect.stringContaining('nothing is marked')),
  );
});
