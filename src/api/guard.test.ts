import { expect, it } from 'vitest';
import { guardedApp, newToken } from './index.ts';

const done: string[] = [];
const token = newToken();
const appAt = (port: number) =>
  guardedApp(port, token).all('/api/act', (c) => {
    done.push(c.req.method);
    return c.json({ done: true });
  });

const ask = async (headers: Record<string, string>, method = 'POST', port = 4180) => {
  const brought = { authorization: `Bearer ${token}`, ...headers };
  const response = await appAt(port).request('/api/act', { method, headers: brought });
  const { error } = (await response.json()) as { error?: { code: string } };
  return [response.status, error?.code ?? null];
};
const host = '127.0.0.1:4180';

it.each([
  { host },
  { host: 'localhost:4180' },
  { host: '[::1]:4180' },
  { host: 'LOCALHOST:4180', origin: 'http://localhost:4180' },
  { host, origin: `http://${host}` },
])('a page of its own, and a program without one, are answered: %o', async (headers) => {
  expect(await ask(headers)).toEqual([200, null]);
});

it.each([
  { host, origin: 'https://evil.example' },
  { host, origin: 'null' },
  { host, origin: 'http://127.0.0.1:3000' },
  { host, origin: 'http://localhost:4180' },
  { host: 'evil.example:4180' },
  { host: 'evil.example:4180', origin: 'http://evil.example:4180' },
  { host: '127.0.0.1:3000' },
  {},
])('a page from elsewhere, and a name that was bent to this machine, do nothing: %o', async (headers) => {
  done.length = 0;
  expect(await ask(headers)).toEqual([403, 'foreign-page']);
  expect(await ask(headers, 'GET')).toEqual([403, 'foreign-page']);
  expect(done).toEqual([]);
});

it('a browser leaves out the port where it is 80', async () => {
  expect(await ask({ host: '127.0.0.1', origin: 'http://127.0.0.1' }, 'POST', 80)).toEqual([200, null]);
});
