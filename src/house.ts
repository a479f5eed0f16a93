import { createReadStream, existsSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { serve } from '@hono/node-server';
import { BacklotError, nameDiskFull } from './contract/index.ts';
import { closeDb, openDb } from './db/index.ts';
import { type Host, openHost } from './host.ts';
import { takeLock, workspacePaths } from './jobs/index.ts';

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

/** Serves reports and the API on the loopback address until the process is asked to stop. */
export async function serveHost(root: string, port: number): Promise<{ url: string }> {
  const host = await openHost(root, 'serve');
  await host.session.queue.begin();
  mountFiles(host, workspacePaths(root).reports);
  const server = serve({ fetch: host.app.fetch, hostname: '127.0.0.1', port });
  const url = `http://127.0.0.1:${port}/reports/`;
  process.stderr.write(`serving ${root} at ${url} (ctrl-C stops)\n`);
  await new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop));
  server.close();
  await host.close();
  return { url };
}

/** GET /reports/... from the folder of reports, and nothing outside it. */
function mountFiles({ app }: Host, folder: string): void {
  app.get('/', (c) => c.redirect('/reports/index.html'));
  app.get('/reports/*', (c) => {
    const path = resolve(
      join(folder, decodeURIComponent(c.req.path.slice('/reports/'.length)) || 'index.html'),
    );
    if (!path.startsWith(folder + sep) || !existsSync(path) || !statSync(path).isFile()) return c.notFound();
    return fileResponse(path, c.req.header('range'));
  });
}

/** The file, or the byte range that a video element asks for. */
function fileResponse(path: string, range: string | undefined): Response {
  const { size } = statSync(path);
  const type = MEDIA_TYPES[extname(path)] ?? 'application/octet-stream';
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  const start = from === '' ? (to === '' ? 0 : Math.max(0, size - Number(to))) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  const headers = new Headers({ 'content-type': type, 'accept-ranges': 'bytes' });
  if (start > end)
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  headers.set('content-length', String(end - start + 1));
  if (range) headers.set('content-range', `bytes ${start}-${end}/${size}`);
  const body = Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream;
  return new Response(body, { status: range ? 206 : 200, headers });
}

/** Writes the whole database as one compressed file, under a temporary name until it is whole. */
export async function backupWorkspace(root: string, file: string): Promise<{ file: string; bytes: number }> {
  const paths = workspacePaths(root);
  if (!existsSync(paths.db)) throw noWorkspace(root);
  const lock = await takeLock(root, 'workspace backup');
  try {
    const db = await openDb(paths.db);
    const dump = Buffer.from(await (await db.$client.dumpDataDir('gzip')).arrayBuffer());
    await closeDb(db);
    await writeWhole(file, dump);
    return { file, bytes: dump.length };
  } catch (error) {
    throw nameDiskFull(error, dirname(file));
  } finally {
    await lock.release();
  }
}

async function writeWhole(file: string, content: Buffer): Promise<void> {
  try {
    await writeFile(`${file}.tmp`, content);
    await rename(`${file}.tmp`, file);
  } finally {
    await rm(`${file}.tmp`, { force: true });
  }
}

/** Brings the workspace's tables up to this version; opening does the same. */
export async function upgradeWorkspace(root: string): Promise<{ workspace: string }> {
  if (!existsSync(workspacePaths(root).db)) throw noWorkspace(root);
  const host = await openHost(root, 'workspace upgrade');
  await host.close();
  return { workspace: root };
}

const noWorkspace = (root: string): BacklotError =>
  new BacklotError('no-workspace', {
    expected: 'a workspace',
    where: root,
    found: 'none',
    remedy: 'Name the folder with --workspace, or make one with `backlot catalog add FILES`.',
  });
