import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, relative } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './api/index.ts';
import { nameDiskFull } from './contract/index.ts';
import { openSession, type Session } from './jobs/index.ts';
import { operations } from './pipeline.ts';
import { clearJob } from './provenance/index.ts';

/** A workspace that this process holds open, reachable by other processes through a socket in it. */
export interface Host {
  session: Session;
  app: ReturnType<typeof createApp>;
  close(): Promise<void>;
}

/** The kernel keeps 108 bytes for a socket's path, the last one zero. */
const LONGEST_SOCKET_PATH = 107;

/** The socket's path as seen from here, or null where even the shorter of its two spellings is too long. */
export function socketOf(root: string): string | null {
  const absolute = join(root, 'socket');
  const near = relative(process.cwd(), absolute);
  const path = near.length < absolute.length ? near : absolute;
  return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH ? path : null;
}

/** Opens the workspace, takes its lock and listens for other commands. */
export async function openHost(root: string, command: string): Promise<Host> {
  try {
    return await open(root, command);
  } catch (error) {
    throw nameDiskFull(error, root);
  }
}

async function open(root: string, command: string): Promise<Host> {
  const session = await openSession(root, operations, command, clearJob);
  const app = createApp(session, operations);
  const path = socketOf(session.root);
  const server = path === null ? null : await listen(app, path);
  const close = async () => {
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(null)));
    await session.close();
  };
  return { session, app, close };
}

async function listen(app: Host['app'], path: string): Promise<Server> {
  await rm(path, { force: true });
  const server = createServer(getRequestListener(app.fetch));
  await new Promise<void>((ready, failed) => server.once('error', failed).listen(path, ready));
  return server.unref();
}
