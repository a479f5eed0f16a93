import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Progress } from '../contract/index.ts';
import { connect } from './client.ts';

let folder: string;
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-client-'));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A client of a process that answers every request with `listener`. */
async function clientOf(listener: RequestListener) {
  const path = join(folder, 'socket');
  server = createServer(listener);
  await new Promise<void>((ready) => server.listen(path, ready));
  return connect(path);
}

const progress: Progress = { phase: 'x', done: 1, total: 2, unit: 'films' };
const lines = (...values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

it('hears an answer that comes whole and at once', async () => {
  const client = await clientOf((_request, response) => response.end('{"pid":7}'));
  expect(await client.get('/api/status')).toEqual({ pid: 7 });
  expect(await client.post('/api/x', {})).toEqual({ pid: 7 });
});

it('hears progress and then the result', async () => {
  const client = await clientOf((_request, response) => response.end(lines({ progress }, { result: [1] })));
  const told: Progress[] = [];
  expect(await client.perform('/api/x', {}, 'ada', (heard) => told.push(heard))).toEqual([1]);
  expect(told).toEqual([progress]);
});

it('throws the error that the other process had', async () => {
  const error = { code: 'cancelled', message: 'stopped' };
  const client = await clientOf((_request, response) => response.end(lines({ error })));
  const thrown = { name: 'BacklotError', ...error };
  await expect(client.perform('/api/x', {}, 'ada', () => {})).rejects.toMatchObject(thrown);
  await expect(client.get('/api/x')).rejects.toMatchObject(thrown);
});

it('says that the process is gone where it ends before its answer', async () => {
  const silent = await clientOf((_request, response) => response.end());
  await expect(silent.perform('/api/x', {}, 'ada', () => {})).rejects.toMatchObject({ code: 'holder-gone' });
  await expect(silent.get('/api/x')).rejects.toMatchObject({ code: 'holder-gone' });
});

it('says so too where the process breaks off in the middle of its answer, or is not there at all', async () => {
  const broken = await clientOf((_request, response) => {
    response.write(lines({ progress }));
    setTimeout(() => response.destroy(), 50);
  });
  await expect(broken.perform('/api/x', {}, 'ada', () => {})).rejects.toMatchObject({ code: 'holder-gone' });
  const nobody = connect(join(folder, 'no-socket'));
  await expect(nobody.get('/api/x')).rejects.toMatchObject({ code: 'holder-gone' });
});
