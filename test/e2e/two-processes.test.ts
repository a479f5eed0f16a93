import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  answerOf,
  backlot,
  type Hanging,
  type Place,
  place,
  served,
  start,
  startHanging,
  tinyFilm,
  until,
} from './command.ts';

let here: Place;
let working: Hanging;

/** The first process adds films and hangs at the second, until the last test cancels it. */
beforeAll(async () => {
  here = await place();
  for (const name of ['a.mp4', 'b slow.mp4']) await tinyFilm(here.at(name));
  const add = ['catalog', 'add', here.films, '--workspace', here.workspace, '--json'];
  working = await startHanging(add, join(here.films, '..'));
  await working.reached;
});
afterAll(async () => {
  working.child.kill('SIGKILL');
  await here.remove();
});

const ask = (...args: string[]) => backlot(...args, '--workspace', here.workspace, '--json');

interface Status {
  pid: number;
  jobs: { id: string; operation: string; state: string }[];
}

it('while one process works, another is told by it what it is at', async () => {
  const status = await ask('status');
  expect(status.code).toBe(0);
  const { pid, jobs } = answerOf<Status>(status);
  expect(pid).toBe(working.child.pid);
  expect(jobs).toMatchObject([{ operation: 'catalog.add', state: 'working' }]);
});

it('another command on the same workspace is done by the process that has it open', async () => {
  const list = await ask('catalog', 'list');
  expect(list).toMatchObject({ code: 0 });
  expect(list.stdout).toContain('a.mp4');
});

it('a backup is made by the process that has the workspace open, whole at one moment', async () => {
  const file = join(here.workspace, '..', 'backup.tar.gz');
  expect(await ask('workspace', 'backup', file)).toMatchObject({ code: 0 });
  const db = await PGlite.create({ loadDataDir: new Blob([await readFile(file)]) });
  const { rows } = await db.query('select name from catalog_titles');
  await db.close();
  expect(rows).toEqual([{ name: 'a' }]);
});

it("an error of the other process is told as an error of one's own", async () => {
  const wrong = await ask('jobs', 'cancel', 'no-such-id');
  expect(wrong.code).toBe(1);
  expect(answerOf(wrong)).toMatchObject({ error: { code: 'no-such-job' } });
});

it('serve answers by the process that has the workspace open, and takes it over when that one has ended', async () => {
  const workspace = `${here.workspace} served`;
  const add = ['catalog', 'add', here.films, '--workspace', workspace, '--json'];
  const other = await startHanging(add, join(here.films, '..'));
  await other.reached;
  const { serving, ask: program } = await served(workspace);
  const pid = async () => ((await (await program('/api/status')).json()) as { pid?: number }).pid;
  const list = () =>
    program('/api/catalog/list', {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    });
  try {
    expect(await pid()).toBe(other.child.pid);
    expect(await (await list()).text()).toContain('a.mp4');
    other.child.kill('SIGKILL');
    await until(async () => (await pid()) === serving.child.pid);
    expect(await (await list()).text()).toContain('a.mp4');
  } finally {
    other.child.kill('SIGKILL');
    serving.child.kill('SIGTERM');
  }
  expect((await serving.ended).code).toBe(0);
});

it.each(['SIGINT', 'SIGKILL'] as const)(
  'a command that is ended by %s takes its job out of the queue of the process that has the workspace open',
  async (signal) => {
    const add = ['catalog', 'add', here.films, '--workspace', here.workspace, '--json'];
    const second = start(add);
    const jobs = async (command: string[]) => answerOf<Status>(await ask(...command)).jobs;
    const waiting = async () => (await jobs(['status'])).find(({ state }) => state === 'waiting')?.id;
    await until(waiting);
    const id = await waiting();
    second.child.kill(signal);
    const ended = await second.ended;
    if (signal === 'SIGINT') expect(ended.code).toBe(130);
    if (signal === 'SIGINT') expect(answerOf(ended)).toMatchObject({ error: { code: 'cancelled' } });
    await until(async () => (await waiting()) === undefined);
    expect((await jobs(['jobs', 'list'])).find((job) => job.id === id)?.state).toBe('cancelled');
    expect(await jobs(['status'])).toMatchObject([{ operation: 'catalog.add', state: 'working' }]);
  },
);

it('a job that one process works on is cancelled from another; what was done stays done', async () => {
  const [job] = answerOf<Status>(await ask('status')).jobs;
  expect((await ask('jobs', 'cancel', job?.id ?? '')).code).toBe(0);
  const ended = await working.ended;
  expect(ended.code).toBe(130);
  expect(answerOf(ended)).toMatchObject({ error: { code: 'cancelled' } });
  const { jobs } = answerOf<Status>(await ask('jobs', 'list'));
  expect(jobs.find(({ id }) => id === job?.id)?.state).toBe('cancelled');
  expect((await ask('catalog', 'list')).stdout).toContain('a.mp4');
});
