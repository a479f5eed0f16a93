import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { forwarded } from './forward.ts';

it('a request is passed on as it is, and its answer comes back piece by piece, before it is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-forward-'));
  const path = join(folder, 'socket');
  let end = () => {};
  let letIn: unknown[] = [];
  const server = createServer(async (request, response) => {
    const parts = await request.toArray();
    response.writeHead(201, { 'content-type': 'application/x-ndjson' });
    response.write(
      `${request.method} ${request.url} ${request.headers['x-backlot-who']} ${parts.join('')}\n`,
    );
    letIn = [request.headers.authorization, request.headers.cookie];
    end = () => response.end('last\n');
  });
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  await new Promise<void>((ready) => server.listen(path, ready));
  const headers = {
    'x-backlot-who': 'ada',
    connection: 'keep-alive',
    authorization: 'Bearer x',
    cookie: 'y=z',
  };
  const url = 'http://127.0.0.1:4180/api/x?y=1';
  const answer = await forwarded(new Request(url, { method: 'POST', headers, body: '{}' }), path);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/x-ndjson']);
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('POST /api/x?y=1 ada {}\n');
  expect(letIn).toEqual([undefined, undefined]);
  end();
  expect((await reader.read()).value).toBe('last\n');
});

it('a process that is gone, or cannot be asked, is said to be so', async () => {
  const request = new Request('http://127.0.0.1:4180/api/x');
  const gone = { code: 'holder-gone' };
  await expect(forwarded(request, '/nowhere/socket')).rejects.toMatchObject(gone);
  await expect(forwarded(request, null)).rejects.toMatchObject(gone);
});
