import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerOf, backlot, type Place, place, served, start, tinyFilm } from './command.ts';

let here: Place;
beforeAll(async () => {
  here = await place();
  await tinyFilm(here.at('a.mp4'));
  expect((await ask('catalog', 'add', here.films)).code).toBe(0);
});
afterAll(() => here.remove());

const ask = (...args: string[]) => backlot(...args, '--workspace', here.workspace, '--json');

it('serve gives whole files, the byte ranges that a video element asks for, and nothing outside reports', async () => {
  const folder = join(here.workspace, 'reports', 'demo');
  await mkdir(folder, { recursive: true });
  await copyFile(here.at('a.mp4'), join(folder, 'take.mp4'));
  const film = await readFile(here.at('a.mp4'));
  const { url, serving, ask: program } = await served(here.workspace);
  const get = (path: string, range?: string) =>
    program(`/reports/${path}`, range === undefined ? {} : { headers: { range } });
  const part = async (range: string) => {
    const response = await get('demo/take.mp4', range);
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, range: response.headers.get('content-range'), body };
  };
  try {
    const whole = await get('demo/take.mp4');
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(film);
    const { length } = film;
    expect(await part('bytes=10-19')).toEqual({
      ...{ status: 206, range: `bytes 10-19/${length}`, body: film.subarray(10, 20) },
    });
    expect(await part('bytes=100-')).toMatchObject({ status: 206, body: film.subarray(100) });
    expect(await part('bytes=-7')).toMatchObject({ status: 206, body: film.subarray(-7) });
    expect(await part(`bytes=${length}-`)).toMatchObject({ status: 416, range: `bytes */${length}` });
    expect((await get('..%2f..%2fbacklot.json')).status).toBe(404);
    expect((await program('/api/status')).status).toBe(200);
    const verdicts = (headers: Record<string, string>) =>
      program('/api/review/verdicts', { method: 'POST', headers, body: '{}' });
    const json = { 'content-type': 'application/json' };
    expect((await verdicts({ ...json, origin: url })).status).toBe(200);
    expect((await verdicts({ ...json, origin: 'https://evil.example' })).status).toBe(403);
    expect((await verdicts({ 'content-type': 'text/plain' })).status).toBe(415);
  } finally {
    serving.child.kill('SIGINT');
  }
  expect((await serving.ended).code).toBe(0);
});

it('the address that serve prints shows which reports there are, and a folder of one is its page', async () => {
  const { serving, ask: program } = await served(here.workspace);
  try {
    const [address = ''] = /http:\S+/.exec(serving.said()) ?? [];
    const path = new URL(address).pathname;
    const none = await program(path);
    expect([none.status, await none.text()]).toEqual([
      200,
      expect.stringContaining('No report is written yet'),
    ]);
    const folder = join(here.workspace, 'reports', 'briefs <b>');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.json'), '{}');
    await writeFile(join(folder, 'index.html'), 'the page');
    expect(await (await program(path)).text()).toContain(
      'href="briefs%20%3Cb%3E/index.html">briefs &lt;b&gt;</a>',
    );
    expect(await (await program(`${path}briefs%20%3Cb%3E/`)).text()).toBe('the page');
  } finally {
    serving.child.kill('SIGINT');
  }
  await serving.ended;
});

it('serve on a port that is taken says so, and what to do', async () => {
  const { url, serving } = await served(here.workspace);
  const other = `${here.workspace} two`;
  const taken = await backlot('serve', '--port', new URL(url).port, '--workspace', other, '--json');
  serving.child.kill('SIGTERM');
  await serving.ended;
  expect(taken.code).toBe(1);
  expect(answerOf(taken)).toMatchObject({ error: { code: 'port-taken' } });
});

it('a backup is a whole database from which a lost workspace comes back', async () => {
  const file = `${here.workspace}.tar.gz`;
  const { bytes } = answerOf<{ bytes: number }>(await ask('workspace', 'backup', file));
  expect((await stat(file)).size).toBe(bytes);
  const back = `${here.workspace} back`;
  await mkdir(join(back, 'db'), { recursive: true });
  await promisify(execFile)('tar', ['-xzf', file, '-C', join(back, 'db')]);
  const list = async (workspace: string) =>
    answerOf(await backlot('catalog', 'list', '--workspace', workspace, '--json'));
  expect(await list(back)).toEqual(await list(here.workspace));
  expect(JSON.stringify(await list(back))).toContain('a.mp4');
});

it('a backup is not written over a film, nor over anything else', async () => {
  const film = await readFile(here.at('a.mp4'));
  const ended = await ask('workspace', 'backup', here.at('a.mp4'));
  expect([ended.code, answerOf(ended)]).toMatchObject([1, { error: { code: 'file-exists' } }]);
  expect(await readFile(here.at('a.mp4'))).toEqual(film);
});

it('a backup into a folder that is not there says so, and what to do', async () => {
  const ended = await ask('workspace', 'backup', `${here.workspace}/nowhere/b.tar.gz`);
  expect([ended.code, answerOf(ended)]).toMatchObject([1, { error: { code: 'file-unwritable' } }]);
});

it('doctor says what is missing, with exit code 1', async () => {
  const ended = await start(['doctor', '--json'], { BACKLOT_FFMPEG: '/nowhere/ffmpeg' }).ended;
  expect(ended.code).toBe(1);
  const { checks } = answerOf<{ checks: { name: string; ok: boolean }[] }>(ended);
  expect(checks.find(({ name }) => name === 'ffmpeg')).toMatchObject({ ok: false });
  expect(checks.find(({ name }) => name === 'node')).toMatchObject({ ok: true });
});

it('a workspace of an older Backlot is upgraded, and keeps what it holds', async () => {
  const old = `${here.workspace} old`;
  await mkdir(old);
  const first = new URL('../../src/db/migrations/0000_first.sql', import.meta.url);
  const db = await PGlite.create(join(old, 'db'));
  await db.exec(await readFile(first, 'utf8'));
  await db.exec(`
    create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('first', ${await whenMade('0000_first')});
    insert into catalog_titles (id, name, unmapped) values ('ttl_kept', 'kept', true);`);
  await db.close();
  const at = ['--workspace', old, '--json'];
  expect(answerOf(await backlot('workspace', 'upgrade', ...at))).toEqual({ workspace: old });
  expect((await backlot('catalog', 'list', ...at)).stdout).toContain('kept');
});

it('a file where the workspace should be is said to be in the way', async () => {
  const file = here.at('a.mp4');
  for (const question of [
    ['catalog', 'list'],
    ['catalog', 'add', file],
  ]) {
    const ended = await backlot(...question, '--workspace', file, '--json');
    const { error } = answerOf<{ error: { code: string } }>(ended);
    expect([ended.code, error.code]).toEqual([
      1,
      question[1] === 'add' ? 'folder-unwritable' : 'no-workspace',
    ]);
  }
});

/** When the migration was written, as the journal of migrations says. */
async function whenMade(tag: string): Promise<number> {
  const journal = new URL('../../src/db/migrations/meta/_journal.json', import.meta.url);
  const { entries } = JSON.parse(await readFile(journal, 'utf8')) as {
    entries: { tag: string; when: number }[];
  };
  return entries.find((entry) => entry.tag === tag)?.when ?? 0;
}

it('a workspace of a newer Backlot is left alone, and where there is none nothing is made', async () => {
  const newer = `${here.workspace} newer`;
  await mkdir(join(newer, 'db'), { recursive: true });
  await writeFile(join(newer, 'backlot.json'), '{"version": 99}');
  for (const [where, code] of [
    [newer, 'workspace-too-new'],
    [`${here.workspace} none`, 'no-workspace'],
  ] as const) {
    const ended = await backlot('workspace', 'upgrade', '--workspace', where, '--json');
    expect([ended.code, answerOf(ended)]).toMatchObject([1, { error: { code } }]);
  }
  const questions = ['status', 'jobs list', 'jobs retry x', 'catalog list', 'shots list', 'rights explain x'];
  for (const question of questions) {
    const ended = await backlot(...question.split(' '), '--workspace', `${here.workspace} none`, '--json');
    expect([ended.code, answerOf(ended)]).toMatchObject([1, { error: { code: 'no-workspace' } }]);
  }
  await expect(stat(`${here.workspace} none`)).rejects.toThrow('ENOENT');
});
