import { spawn } from 'node:child_process';
import { chmod, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { answerOf, backlot, type Place, place, type Served, served, tinyFilm } from './command.ts';

let here: Place;
let server: Served;
beforeAll(async () => {
  here = await place();
  await tinyFilm(here.at('a.mp4'));
  expect((await backlot('catalog', 'add', here.films, '--workspace', here.workspace)).code).toBe(0);
});
afterAll(() => here.remove());

/** A mask that takes nothing away: what is kept from others is kept by Backlot. */
beforeEach(async () => {
  server = await served(here.workspace, ['sh', '-c', 'umask 0; exec "$@"', 'sh']);
});
afterEach(async () => {
  server.serving.child.kill('SIGTERM');
  await server.serving.ended;
});

const tokenFile = () => join(here.workspace, `token-${new URL(server.url).port}`);
const act = { method: 'POST', headers: { 'content-type': 'application/json', 'x-backlot-who': 'boss' } };

/** What another account can do by what it is told: a file, a socket, a POST. Each ends with a word on stdout. */
const stranger = `
import encodings.idna, os, socket, sys, urllib.request, urllib.error # the codec while files of this account can be read
token, door, url, body = sys.argv[1:]
def tried(act):
    try: return act() or 'done'
    except urllib.error.HTTPError as error: return str(error.code)
    except PermissionError: return 'refused'
os.setgid(65534); os.setuid(65534)
print(tried(lambda: open(token).read()))
print(tried(lambda: socket.socket(socket.AF_UNIX).connect(door)))
headers = {'content-type': 'application/json', 'x-backlot-who': 'boss'}
print(tried(lambda: urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers)).read()))
`;

it('another account of the machine reads no token, opens no socket and has nothing done, also where the folder is open', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) skip('only root can act as another account');
  for (const folder of [dirname(here.workspace), here.workspace]) await chmod(folder, 0o777);
  const file = join(dirname(here.workspace), 'taken.tar.gz');
  const url = `${server.url}/api/workspace/backup`;
  const [door, body] = [join(here.workspace, 'socket'), JSON.stringify({ file })];
  const child = spawn('python3', ['-c', stranger, tokenFile(), door, url, body]);
  expect(await text(child.stdout)).toBe('refused\nrefused\n401\n');
  expect(await readdir(dirname(file))).not.toContain('taken.tar.gz');
});

it('token and socket are for the owner of the workspace alone, and the token goes with the server', async () => {
  for (const path of [tokenFile(), join(here.workspace, 'socket')])
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  server.serving.child.kill('SIGINT');
  await server.serving.ended;
  await expect(stat(tokenFile())).rejects.toThrow('ENOENT');
});

it('without the token nothing is told or done over the port, and nothing of it is in the audit log', async () => {
  for (const authorization of [undefined, 'Bearer wrong']) {
    const headers = { ...act.headers, ...(authorization && { authorization }) };
    const body = JSON.stringify({ file: join(here.films, '..', 'none.tar.gz') });
    const answer = await fetch(`${server.url}/api/workspace/backup`, { ...act, headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: 'no-token' } }]);
    expect((await fetch(`${server.url}/reports/`, { headers })).status).toBe(401);
  }
  const log = await backlot('provenance', 'audit', '--workspace', here.workspace, '--json');
  expect(log.stdout).not.toContain('boss');
});

it('the command line is answered by the server, and by another server beside it', async () => {
  const status = await backlot('status', '--workspace', here.workspace, '--json');
  expect(answerOf(status)).toMatchObject({ pid: server.serving.child.pid });
  const other = await served(here.workspace);
  expect(await (await other.ask('/api/status')).json()).toMatchObject({ pid: server.serving.child.pid });
  expect((await fetch(`${other.url}/api/status`)).status).toBe(401);
  expect((await server.ask('/api/status')).status).toBe(200);
  other.serving.child.kill('SIGTERM');
  await other.serving.ended;
});

it('the address that serve prints opens the pages, which go on by their cookie, and it does nothing else', async () => {
  const [address = ''] = /http:\S+/.exec(server.serving.said()) ?? [];
  const opened = await fetch(address, { redirect: 'manual' });
  const location = opened.headers.get('location') ?? '';
  const [room = ''] = location.split('/reports/');
  const [cookie = ''] = (opened.headers.get('set-cookie') ?? '').split(';');
  expect(room).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
  const page = { cookie, origin: server.url };
  const first = await fetch(`${room}/`, { headers: page, redirect: 'manual' });
  expect(new URL(first.headers.get('location') ?? '', `${room}/`).href).toBe(`${room}/reports/index.html`);
  expect((await fetch(`${room}/reports/none.html`, { headers: page })).status).toBe(404);
  expect((await fetch(`${room}/reports/none.html`)).status).toBe(401);
  expect(await (await fetch(`${room}/api/status`, { headers: page })).json()).toMatchObject({
    pid: server.serving.child.pid,
  });
  const asked = (headers: object) =>
    fetch(`${server.url}/api/review/verdicts`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' },
    });
  expect((await asked(page)).status).toBe(401);
  expect((await asked({ cookie, origin: 'https://evil.example' })).status).toBe(403);
  expect((await asked({ authorization: `Bearer ${server.token}` })).status).toBe(200);
});

it('that other accounts reach into the workspace is told by status and serve, on stderr, until it is closed', async () => {
  await chmod(here.workspace, 0o755);
  await chmod(dirname(here.workspace), 0o755);
  const told = await backlot('status', '--workspace', here.workspace, '--json');
  expect(answerOf(told)).toMatchObject({ workspace: here.workspace });
  expect(told.stderr).toMatch(/notice: other accounts of this machine can reach what lies in .*`chmod 700/);
  const other = await served(here.workspace);
  expect(other.serving.said()).toContain('notice: other accounts');
  other.serving.child.kill('SIGTERM');
  await other.serving.ended;
  await chmod(here.workspace, 0o700);
  expect((await backlot('status', '--workspace', here.workspace, '--json')).stderr).toBe('');
});
