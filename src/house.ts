import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { guardedApp, newToken, type Served, tokenFile } from './api/index.ts';
import { BacklotError, messageOf } from './contract/index.ts';
import { forwarded } from './forward.ts';
import { type Host, openHost } from './host.ts';
import { mustExist, socketOf, workspacePaths, writeNew } from './jobs/index.ts';
import { renderReportList } from './review/index.ts';

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
};

const LOOKS_AGAIN_MS = 500;

/**
 * Serves reports and the API on the loopback address until the process is asked to stop, to those who bring the token
 * that it makes now. Where another process holds the workspace, it answers what is asked of the API; when it has ended,
 * this one takes the workspace.
 * @throws BacklotError `port-taken`
 */
export async function serveHost(root: string, port: number): Promise<{ url: string }> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  const held: Held = { host: await openedUnlessHeld(root) };
  const token = newToken();
  const file = join(root, tokenFile(port));
  try {
    const server = await listen(appOf(held, root, port, token), port);
    const url = `http://127.0.0.1:${port}/reports/`;
    try {
      await leaveToken(file, token);
      process.stderr.write(
        `serving ${root} at ${url}?token=${token} (ctrl-C stops; the token is in ${file})\n`,
      );
      await takeOver(held, root, stop.signal);
    } finally {
      server.close();
      await rm(file, { force: true });
    }
    return { url };
  } finally {
    await held.host?.close();
  }
}

/** For programs of this account. A server that was killed on this port has left its own. */
async function leaveToken(file: string, token: string): Promise<void> {
  await rm(file, { force: true });
  await writeNew(file, `${token}\n`, 0o600);
}

/** What this process holds: nothing while another one does. */
interface Held {
  host: Host | null;
}

function appOf(held: Held, root: string, port: number, token: string): Hono<Served> {
  const paths = workspacePaths(root);
  const app = guardedApp(port, token);
  mountFiles(app, paths.reports);
  app.all('*', (c) =>
    held.host ? held.host.app.fetch(c.req.raw, c.env) : forwarded(c.req.raw, socketOf(paths.root)),
  );
  return app;
}

/** Takes the workspace once nobody else holds it, and works off its queue until the signal. */
async function takeOver(held: Held, root: string, signal: AbortSignal): Promise<void> {
  while (!held.host && !signal.aborted) {
    await sleep(LOOKS_AGAIN_MS, null, { signal }).catch(() => {});
    held.host = await openedUnlessHeld(root);
  }
  await held.host?.session.queue.begin();
  if (!signal.aborted) await once(signal, 'abort');
}

/** Null where another process holds the workspace. */
async function openedUnlessHeld(root: string): Promise<Host | null> {
  try {
    return await openHost(root, 'serve');
  } catch (error) {
    if (error instanceof BacklotError && error.code === 'workspace-locked') return null;
    throw error;
  }
}

/** @throws BacklotError `port-taken` */
async function listen(app: Hono<Served>, port: number): Promise<ReturnType<typeof serve>> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    throw new BacklotError(
      'port-taken',
      {
        expected: 'a free TCP port',
        where: `127.0.0.1:${port}`,
        found: messageOf(error),
        remedy: 'Name another one with --port.',
      },
      error,
    );
  }
}

/** GET /reports/ lists the reports; /reports/... is from their folder, and nothing outside it. */
function mountFiles(app: Hono<Served>, folder: string): void {
  // In the room of a browser too, which an address from the root would lead out of.
  app.get('/', (c) => c.redirect('reports/index.html'));
  app.get('/reports', (c) => c.redirect('reports/'));
  app.get('/reports/*', async (c) => {
    const name = decodeURIComponent(c.req.path.slice('/reports/'.length));
    if (['', 'index.html'].includes(name)) return c.html(await renderReportList(folder));
    const path = resolve(join(folder, name.endsWith('/') ? `${name}index.html` : name));
    if (!path.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile()) return c.notFound();
    return fileResponse(path, c.req.header('range'));
  });
}

/** The file, or the byte range that a video element asks for. */
function fileResponse(path: string, wanted: string | undefined): Response {
  const { size } = statSync(path);
  const range = rangeOf(wanted, size);
  const headers = new Headers({ 'accept-ranges': 'bytes' });
  if (range && range.start > range.end) {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-type', MEDIA_TYPES[extname(path)] ?? 'application/octet-stream');
  headers.set('content-length', String(range ? range.end - range.start + 1 : size));
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  const body = Readable.toWeb(createReadStream(path, range ?? {})) as ReadableStream;
  return new Response(body, { status: range ? 206 : 200, headers });
}

/** First and last byte, both included; null where the whole file is meant, also by what is not one plain range. */
function rangeOf(wanted: string | undefined, size: number): { start: number; end: number } | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(wanted ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size - 1 };
  return { start: Number(from), end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** Brings the workspace's tables up to this version; opening does the same. */
export async function upgradeWorkspace(root: string): Promise<{ workspace: string }> {
  mustExist(root);
  const host = await openHost(root, 'workspace upgrade');
  await host.close();
  return { workspace: root };
}
