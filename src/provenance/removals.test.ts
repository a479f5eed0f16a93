import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { type Removals, removalsSchema } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { readSigned } from '../trust/index.ts';
import type { Withdrawal } from './schema.ts';
import { withdraw } from './withdraw.ts';
import { addCaption, fillWorkspace } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
let withdrawal: Withdrawal;
let [before, after]: [string[], string[]] = [[], []];

const held = [
  ...['datasets/cache/a.u8', 'datasets/encoded/a.mp4', 'datasets/latents/base/a.safetensors'],
  ...['takes/first-frames/a.png', 'takes/given/a.rgb', 'index/looks-1.i8', 'runs/run_1/captions.json'],
  ...['thumbnails/fil_stopped.part/12.jpg', 'thumbnails/fil_stopped.part/pass'],
];

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  for (const name of ['harbour', 'quarry']) await addCaption(context, name, 'https://seer.example/v1');
  await context.db.execute(
    sql`update shots_shots set facts = facts || '{"text": {"covers": 0.1, "lines": ["PIER 4"], "names": []}}'`,
  );
  for (const name of held) await put(name);
  await put('runs/run_older/job.json');
  const dataset = { digest: createHash('sha256').update('harbour\n').digest('hex') };
  const older = { kind: 'train', dataset, sample: { captions: ['a pier'] } };
  await writeFile(join(context.paths.runs, 'run_older', 'job.json'), JSON.stringify(older, null, 2));
  before = await files();
  withdrawal = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  after = await files();
});
afterAll(() => close());

async function put(name: string): Promise<void> {
  const path = join(context.paths.root, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, name);
}

async function files(): Promise<string[]> {
  const { root } = context.paths;
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => relative(root, join(one.parentPath, one.name)));
}

async function recorded(): Promise<Removals> {
  const path = withdrawal.record ?? '';
  const said = await readSigned(await readFile(path, 'utf8'), 'application/vnd.backlot.deletion+json', path);
  return removalsSchema.parse(said);
}

/** Files that went and stand in no record of their own folder: snapshots and trials have one. */
const gone = () =>
  before
    .filter((name) => !after.includes(name) && !/^(datasets\/harbour|runs\/run_trial)\//.test(name))
    .sort();

it('every file that a withdrawal removes stands in its signed record, with its hash', async () => {
  const { withdrawal: row, removed } = await recorded();
  expect(row).toBe('titles/harbour');
  expect(gone()).toEqual([...held, 'thumbnails/sht_harbour-0.jpg', 'thumbnails/sht_harbour-1.jpg'].sort());
  expect(
    removed
      .filter(({ bytes }) => bytes !== null)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(gone());
  const sha256 = createHash('sha256').update('takes/given/a.rgb').digest('hex');
  expect(removed).toContainEqual({
    what: 'given-frames',
    name: 'takes/given/a.rgb',
    bytes: 17,
    rows: null,
    sha256,
  });
});

it('so do what tables held of its shots: how many rows, and one hash over them', async () => {
  const rows = (await recorded()).removed.filter(({ bytes }) => bytes === null);
  expect(rows.map(({ name, rows: count }) => [name, count])).toEqual([
    ['shots_prints.grids', 2],
    ['shots_shots.facts.text', 2],
    ['dataset_captions.caption', 1],
    ['dataset_clips.caption', 2],
  ]);
  expect((await actsIn(context.db)).map(({ what }) => what)).toContain('provenance.purge');
});

it('the job whose sample sheet showed the captions stays as it was; one that holds them itself is a task for people', async () => {
  expect(after).toContain('runs/run_1/job.json');
  const older = withdrawal.tasks.filter(({ subject }) => subject.startsWith('run '));
  expect(older).toMatchObject([
    { subject: 'run run_older', what: expect.stringContaining('job.json holds captions') },
  ]);
  const { removed } = await recorded();
  expect(removed).toContainEqual(
    expect.objectContaining({ what: 'caption', name: 'runs/run_1/captions.json' }),
  );
});

it('given again, the record keeps what it says and adds what came since', async () => {
  const first = (await recorded()).removed;
  await put('datasets/latents/base/late.safetensors');
  await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  const again = (await recorded()).removed;
  expect(again.slice(0, first.length)).toEqual(first);
  expect(again.slice(first.length).map(({ name }) => name)).toEqual([
    'datasets/latents/base/late.safetensors',
  ]);
});
