import { expect, it } from 'vitest';
import { z } from 'zod';
import { BacklotError, type Report } from '../contract/index.ts';
import type { Context } from '../jobs/context.ts';
import { defineOperation, handle, type Operation, type Session, workspacePaths } from '../jobs/index.ts';
import { operations as everything } from '../pipeline.ts';
import { createApp } from './index.ts';

const facts = { expected: 'a film', where: 'x.mp4', found: 'noise', remedy: 'Give a film.' };

const operations = [
  defineOperation({
    name: 'shots.count',
    summary: 'count to a number',
    example: 'shots count 3',
    input: z.strictObject({ to: z.int().min(0), unit: z.string().default('n') }),
    output: z.object({ count: z.int() }),
    handler: async ({ report }, { to }) => {
      for (let done = 1; done <= to; done++) report({ phase: 'counting', done, total: to, unit: 'n' });
      return { count: to };
    },
  }),
  defineOperation({
    name: 'shots.refuse',
    summary: 'refuse with a code',
    example: 'shots refuse no-such-shot',
    input: z.strictObject({ code: z.string() }),
    output: z.object({}),
    handler: async (_context, { code }) => {
      throw code === 'plain' ? new Error('a bug') : new BacklotError(code, facts);
    },
  }),
  defineOperation({
    name: 'shots.lie',
    summary: 'answer in the wrong form',
    example: 'shots lie',
    input: z.strictObject({}),
    output: z.object({ count: z.int() }),
    handler: async () => ({ count: 0.5 }),
  }),
] as unknown as readonly Operation[];

const noJob = (id: string) => Promise.reject(new BacklotError('no-such-job', { ...facts, found: id }));

/** A session whose operations run at once; `asked` keeps who asked, `inputs` what for. */
const asked: string[] = [];
const inputs: unknown[] = [];
const session = {
  root: '/films/workspace',
  perform: (...[operation, input, who, report]: Parameters<Session['perform']>) => {
    asked.push(who);
    inputs.push(input);
    return handle(operation, { report, paths: workspacePaths('/films/workspace') } as Context, input);
  },
  queue: {
    list: async () =>
      (['waiting', 'working', 'done', 'failed'] as const).map((state) => ({
        ...{ id: state, operation: 'train', input: {}, state, queuedAt: '', endedAt: null },
        ...{ progress: null, error: null },
      })),
    cancel: noJob,
  },
  retry: async (id: string, report: Report) => {
    report({ phase: 'again', done: 1, total: 1, unit: 'n' });
    return { of: id };
  },
} as unknown as Session;

const app = createApp(session, operations);

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const codeOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { error: { code: string } }).error.code,
});

it('answers a POST of the input with the result', async () => {
  const response = await post('/api/shots/count', { to: 2 }, { 'x-backlot-who': 'ada' });
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 200,
    body: { count: 2 },
  });
  expect(asked.at(-1)).toBe('ada');
});

it('asks for what was given, without the defaults: in the queue they would be what somebody had said', async () => {
  await post('/api/shots/count', { to: 1 });
  expect(inputs.at(-1)).toEqual({ to: 1 });
});

it('a body that is no JSON, and one that is not the input, are 400', async () => {
  expect(await codeOf(await post('/api/shots/count', '{"to":'))).toEqual({ status: 400, code: 'bad-json' });
  expect(await codeOf(await post('/api/shots/count', ''))).toEqual({ status: 400, code: 'bad-json' });
  expect(await codeOf(await post('/api/shots/count', 'null'))).toEqual({ status: 400, code: 'bad-input' });
  const response = await post('/api/shots/count', { to: -1, more: true });
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect({ status: response.status, code: error.code }).toEqual({ status: 400, code: 'bad-input' });
  expect(error.message).toContain('to: ');
  expect(error.message).toContain('"more"');
});

it('a body that is not said to be JSON is 415: a form and a text of any web page are not taken', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
    const response = await post('/api/shots/count', { to: 2 }, { 'content-type': type });
    expect(await codeOf(response)).toEqual({ status: 415, code: 'not-json' });
  }
  const said = await post(
    '/api/shots/count',
    { to: 2 },
    { 'content-type': 'Application/JSON; charset=utf-8' },
  );
  expect(said.status).toBe(200);
});

it('a path that does not exist is 404, as JSON', async () => {
  expect(await codeOf(await app.request('/api/nowhere'))).toEqual({ status: 404, code: 'not-found' });
  expect(await codeOf(await app.request('/api/shots/count'))).toEqual({ status: 404, code: 'not-found' });
});

it.each([
  ['no-such-shot', 404],
  ['workspace-locked', 409],
  ['not-a-film', 422],
])('an error %s is status %i, with all that it says', async (code, status) => {
  const response = await post('/api/shots/refuse', { code });
  expect(response.status).toBe(status);
  const message = 'x.mp4: expected a film, found noise. Give a film.';
  expect(await response.json()).toEqual({ error: { code, message, ...facts } });
});

it('a fault of ours is 500, never the fault of the one who asked', async () => {
  expect(await codeOf(await post('/api/shots/refuse', { code: 'plain' }))).toEqual({
    status: 500,
    code: 'internal',
  });
  expect(await codeOf(await post('/api/shots/lie', {}))).toEqual({ status: 500, code: 'internal' });
});

const ndjson = { accept: 'application/x-ndjson' };
const linesOf = async (response: Response) =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('streams progress, and the result as its last line', async () => {
  const response = await post('/api/shots/count', { to: 2 }, ndjson);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  expect(await linesOf(response)).toEqual([
    { progress: { phase: 'counting', done: 1, total: 2, unit: 'n' } },
    { progress: { phase: 'counting', done: 2, total: 2, unit: 'n' } },
    { result: { count: 2 } },
  ]);
});

it('streams an error as its last line', async () => {
  const [last] = (await linesOf(await post('/api/shots/refuse', { code: 'not-a-film' }, ndjson))) as [
    { error: { code: string } },
  ];
  expect(last.error.code).toBe('not-a-film');
});

it('status names the workspace, the process and the jobs that have not ended', async () => {
  const response = await app.request('/api/status');
  const { jobs, ...rest } = (await response.json()) as { jobs: { id: string }[] };
  expect(rest).toEqual({ workspace: '/films/workspace', pid: process.pid });
  expect(jobs.map(({ id }) => id)).toEqual(['waiting', 'working']);
});

it('cancels a job by its id, or does it again and answers with its result; there is no other verb', async () => {
  expect(await codeOf(await post('/api/jobs/7/cancel', {}))).toEqual({ status: 404, code: 'no-such-job' });
  const again = { id: '7', result: { of: '7' } };
  expect(await (await post('/api/jobs/7/retry', {})).json()).toEqual(again);
  expect(await linesOf(await post('/api/jobs/7/retry', {}, ndjson))).toEqual([
    { progress: { phase: 'again', done: 1, total: 1, unit: 'n' } },
    { result: again },
  ]);
  expect(await codeOf(await post('/api/jobs/7/close', {}))).toEqual({ status: 404, code: 'not-found' });
});

it('describes every operation of Backlot in OpenAPI', async () => {
  const response = await createApp(session, everything).request('/openapi.json');
  const text = await response.text();
  const document = JSON.parse(text) as { paths: object; components: { schemas: object } };
  const urls = everything.map(({ name }) => `/api/${name.replaceAll('.', '/')}`);
  expect(Object.keys(document.paths).sort()).toEqual(urls.sort());
  const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(named));
  expect(text).not.toContain('#/$defs');
});
