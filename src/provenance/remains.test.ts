import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { removalsSchema } from '../contract/index.ts';
import { openDb } from '../db/index.ts';
import { type Context, type Queue, toldWords } from '../jobs/index.ts';
import { openQueue } from '../jobs/queue.ts';
import { readSigned } from '../trust/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

let folder: string;
let context: Context;
let close: () => Promise<void>;

/** Found in a file wherever the captions, the words read in frames or the small pictures of the harbour are. */
const unique = 'quuxzebra';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-remains-'));
  ({ context, close } = await testContext({ db: await openDb(folder) }));
  const { db } = context;
  await fillWorkspace(context);
  const lines = JSON.stringify({ text: { covers: 0.1, lines: [`${unique} read`], names: [] } });
  for (const change of [
    sql`update dataset_clips set caption = ${`${unique} of a clip`} where snapshot_id = 'dst_harbour'`,
    sql`insert into dataset_captions (shot_id, file_id, source, caption, who)
      select id, file_id, 'person', ${`${unique} written`}, 'ann' from shots_shots where id like 'sht_harbour%'`,
    sql`update shots_shots set facts = facts || ${lines}::jsonb where id like 'sht_harbour%'`,
    sql`update shots_prints set grids = ${Buffer.from(`${unique} seen`)} where shot_id like 'sht_harbour%'`,
  ])
    await db.execute(change);
  await told();
  // A file of the log that is full is used again, with what it holds, for what comes later.
  await db.execute(sql`select pg_switch_wal()`);
  await db.execute(sql`checkpoint`);
});
/** What a training of an earlier version told: in its run, in its model's row, and as the answer of its command. */
async function told() {
  const { db, paths } = context;
  const notices = [
    { code: 'words-known', message: `The base knows ${unique}.` },
    { code: 'adapter-large', message: 'It is large.' },
  ];
  const lines = notices.map((notice, seq) => JSON.stringify({ seq, type: 'notice', ...notice }));
  await writeFile(join(paths.runs, 'run_1', 'events.jsonl'), `${lines.join('\n')}\n`);
  const record = JSON.stringify({ notices });
  await db.execute(sql`update train_models set record = ${record}::jsonb where id = 'mdl_harbour'`);
  const queue = await openQueue(db, ({ operation }) =>
    operation === 'train' ? Promise.resolve({ notices }) : Promise.reject(new Error(unique)),
  );
  await queue.begin();
  for (const operation of ['train', 'dataset.freeze']) {
    const input =
      operation === 'train' ? { dataset: 'dst_harbour', captions: [unique] } : { captions: ['a quay'] };
    const id = await queue.submit({ operation, input, who: 'test' });
    await queue.wait(id, () => {}).catch(() => {});
    while (['waiting', 'working'].includes((await jobOf(queue, id))?.state ?? '')) await sleep(20);
  }
  await queue.close();
}

const jobOf = async (queue: Queue, id: string) => (await queue.list()).find((job) => job.id === id);

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

async function holding(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if ((await readFile(file)).includes(unique)) found.push(file);
  return found;
}

it('what a withdrawal removed is in no file of the database any more, its log included', async () => {
  const before = await holding();
  expect(before.filter((file) => file.includes('pg_wal')).length).toBeGreaterThan(0);
  expect(before.filter((file) => file.includes('base')).length).toBeGreaterThanOrEqual(6);
  const { record } = await withdraw(context, { territory: 'world', dryRun: false, title: 'harbour' });
  expect(await holding()).toEqual([]);
  const said = await readSigned(
    await readFile(record ?? '', 'utf8'),
    'application/vnd.backlot.deletion+json',
    '',
  );
  expect(removalsSchema.parse(said).removed.map(({ name, rows }) => [name, rows])).toEqual(
    expect.arrayContaining([
      ['runs/run_1/events.jsonl', 1],
      ['train_models.record.notices', 1],
      ['pgboss.job.output and data', 2],
    ]),
  );
});

it('what a training told of anything else stays, in its run and in the row of its model', async () => {
  const directory = join(context.paths.runs, 'run_1');
  const events = await readFile(join(directory, 'events.jsonl'), 'utf8');
  expect([toldWords(directory), events.includes(unique)]).toEqual([[], false]);
  expect(events).toContain('It is large.');
  const { rows } = await context.db.execute(
    sql`select record -> 'notices' as said from train_models where id = 'mdl_harbour'`,
  );
  expect(rows).toEqual([{ said: [{ code: 'adapter-large', message: 'It is large.' }] }]);
});

it('commands stay in the queue, with all but captions, and one that failed keeps those to be given again', async () => {
  const queue = await openQueue(context.db, () => Promise.resolve({}));
  const jobs = (await queue.list()).map(({ operation, input, error }) => ({ operation, input, error }));
  await queue.close();
  expect(jobs).toEqual(
    expect.arrayContaining([
      { operation: 'train', input: { dataset: 'dst_harbour' }, error: null },
      { operation: 'dataset.freeze', input: { captions: ['a quay'] }, error: 'removed with a withdrawal' },
    ]),
  );
});
