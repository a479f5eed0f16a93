import { beforeEach, expect, it } from 'vitest';
import { guardedApp, newToken } from './index.ts';

const token = newToken();
const host = '127.0.0.1:4180';
const done: string[] = [];
const app = guardedApp(4180, token).all('*', (c) => {
  done.push(`${c.req.method} ${c.req.path}`);
  return c.json({ done: true });
});
beforeEach(() => {
  done.length = 0;
});

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(`http://${host}${path}`, { method, headers: { host, ...headers } });

/** What a browser keeps of the answer to a page that was opened with the token. */
async function openedPage(path: string): Promise<{ response: Response; cookie: string; rest: string }> {
  const response = await ask(path);
  const [cookie = '', ...rest] = (response.headers.get('set-cookie') ?? '').split('; ');
  return { response, cookie, rest: rest.join('; ') };
}

it('each server has another token, of 32 bytes', () => {
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(newToken()).not.toBe(token);
});

it.each([
  {},
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: `Bearer ${newToken()}` },
  { authorization: `Bearer ${token}x` },
  { authorization: `Bearer ${token.slice(1)}` },
  { authorization: `Basic ${token}` },
  { cookie: `backlot-4180=${newToken()}` },
  { cookie: 'backlot-4180=' },
  { cookie: `backlot-4180=${token}` },
  { cookie: `backlot-4181=${token}` },
])('without its token no operation is done and no page is shown: %o', async (headers) => {
  for (const [path, method] of [
    ['/api/workspace/backup', 'POST'],
    ['/api/status', 'GET'],
    ['/reports/index.html', 'GET'],
    ['/openapi.json', 'GET'],
    ['/', 'GET'],
    [`/reports/?token=${newToken()}`, 'GET'],
    [`/api/workspace/backup?token=${token}`, 'POST'],
  ] as const) {
    const response = await ask(path, headers, method);
    expect([response.status, response.headers.get('www-authenticate')?.slice(0, 6)]).toEqual([401, 'Bearer']);
    expect(response.headers.get('set-cookie')).toBeNull();
    const { error } = (await response.json()) as { error: { code: string; remedy: string } };
    expect(error.code).toBe('no-token');
    expect(error.remedy).toContain('token-4180');
  }
  expect(done).toEqual([]);
});

it('a program brings it in a header', async () => {
  expect((await ask('/api/status', { authorization: `Bearer ${token}` })).status).toBe(200);
  expect(done).toEqual(['GET /api/status']);
});

/** The room that a browser was led into, from the answer. */
const roomOf = (response: Response): string =>
  new URL(response.headers.get('location') ?? '').pathname.split('/')[1] ?? '';

it('a page that is opened with it is led into a room of its own, with a cookie for that alone that no script can read', async () => {
  const { response, cookie, rest } = await openedPage(`/reports/?a=1&token=${token}`);
  const room = `/${roomOf(response)}`;
  expect([response.status, response.headers.get('location')]).toEqual([
    302,
    `http://${host}${room}/reports/?a=1`,
  ]);
  expect(room).toMatch(/^\/[\w-]{22}$/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(rest).toBe(`Path=${room}; HttpOnly; SameSite=Strict`);
  expect(done).toEqual([]);
  expect((await ask(`${room}/reports/`, { cookie: `other=1; ${cookie}` })).status).toBe(200);
  expect(done).toEqual(['GET /reports/']);
  expect((await ask(`${room}/reports/`)).status).toBe(401);
});

it('in the room the cookie gives a verdict, where a page of this server asks, and does nothing else', async () => {
  const { response, cookie } = await openedPage(`/?token=${token}`);
  const room = `/${roomOf(response)}`;
  const origin = `http://${host}`;
  const give = async (path: string, headers: Record<string, string>, method = 'POST') =>
    (await ask(path, headers, method)).status;
  const verdict = '/api/review/verdict';
  expect(await give(room + verdict, { cookie, origin })).toBe(200);
  expect(done).toEqual([`POST ${verdict}`]);
  expect(await give(room + verdict, { cookie, origin: 'http://127.0.0.1:4181' })).toBe(403);
  expect(await give(room + verdict, { cookie, origin: 'null' })).toBe(403);
  const refused: Parameters<typeof give>[] = [
    [room + verdict, { cookie }],
    [room + verdict, { origin }],
    [`${room}${verdict}?token=${token}`, { origin }],
    [verdict, { cookie, origin }],
    [room + verdict, { cookie, origin }, 'PUT'],
    ...[`${verdict}/`, `${verdict}s`, `//api/review/verdict`, '/api/review/import'].map(
      (path): Parameters<typeof give> => [room + path, { cookie, origin }],
    ),
  ];
  for (const one of refused) expect([one, await give(...one)]).toEqual([one, 401]);
  expect(done).toHaveLength(1);
});

it('what is said in a verdict is handed on as it was sent', async () => {
  const said: unknown[] = [];
  const judged = guardedApp(4180, token).post('/api/review/verdict', async (c) => {
    said.push(new URL(c.req.raw.url).pathname, await c.req.raw.json());
    return c.json({});
  });
  const first = await judged.request(`http://${host}/?token=${token}`, { headers: { host } });
  const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';');
  const headers = { host, cookie, origin: `http://${host}`, 'content-type': 'application/json' };
  const url = `http://${host}/${roomOf(first)}/api/review/verdict`;
  await judged.request(url, { method: 'POST', headers, body: '{"take":"tak_1"}' });
  expect(said).toEqual(['/api/review/verdict', { take: 'tak_1' }]);
});

it('a room that is named without its slash leads into it, HEAD is answered as GET is, and no other port is told an address', async () => {
  const { response, cookie } = await openedPage(`/?token=${token}`);
  const room = `/${roomOf(response)}`;
  expect((await ask(room, { cookie })).headers.get('location')).toBe(`${room}/`);
  const head = await ask(`${room}/reports/`, { cookie }, 'HEAD');
  expect([head.status, head.headers.get('referrer-policy')]).toEqual([200, 'same-origin']);
  expect((await ask(`${room}/reports/`, {}, 'HEAD')).status).toBe(401);
  expect(done).toEqual(['HEAD /reports/']);
});

it('the cookie is not the token: by it pages are read, and no other operation is done', async () => {
  const { response, cookie } = await openedPage(`/?token=${token}`);
  const value = cookie.split('=')[1] ?? '';
  expect(value).not.toBe(token);
  for (const path of ['/api/act', `/${roomOf(response)}/api/act`])
    expect((await ask(path, { cookie, origin: `http://${host}` }, 'POST')).status).toBe(401);
  expect((await ask('/api/act', { authorization: `Bearer ${value}` }, 'POST')).status).toBe(401);
  expect(done).toEqual([]);
});

it('what is handed on of a request in a room is what was asked, without the room', async () => {
  const raw: string[] = [];
  const asked = guardedApp(4180, token).all('*', (c) => {
    raw.push(`${c.req.raw.url} ${c.req.raw.headers.get('range')}`);
    return c.json({});
  });
  const first = await asked.request(`http://${host}/reports/?token=${token}`, { headers: { host } });
  const [cookie = ''] = (first.headers.get('set-cookie') ?? '').split(';');
  const headers = { host, cookie, range: 'bytes=0-1' };
  await asked.request(`http://${host}/${roomOf(first)}/reports/a%20b.mp4?x=1`, { headers });
  expect(raw).toEqual([`http://${host}/reports/a%20b.mp4?x=1 bytes=0-1`]);
});

it('each server has a room of its own', async () => {
  const open = async () =>
    guardedApp(4180, token).request(`http://${host}/?token=${token}`, { headers: { host } });
  expect(roomOf(await open())).not.toBe(roomOf(await open()));
});

it('a page of elsewhere is refused, whatever it brings', async () => {
  const { cookie } = await openedPage(`/?token=${token}`);
  const foreign = { origin: 'https://evil.example' };
  for (const brought of [{ cookie }, { authorization: `Bearer ${token}` }])
    expect((await ask('/api/act', { ...foreign, ...brought }, 'POST')).status).toBe(403);
  expect((await ask(`/?token=${token}`, foreign)).status).toBe(403);
  expect(done).toEqual([]);
});

it('an address that begins with another host leads nowhere but here', async () => {
  const { response } = await openedPage(`//evil.example/?token=${token}`);
  expect(new URL(response.headers.get('location') ?? '').host).toBe(host);
});
