import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './api/index.ts';
import { nameDiskFull } from './contract/index.ts';
import { openSession, type Session, socketOf } from './jobs/index.ts';
import { operations } from './pipeline.ts';

/** A workspace that this process holds open, reachable by other processes through a socket in it. */
export interface Host {
  session: Session;
  app: ReturnType<typeof createApp>;
  close(): Promise<void>;
}

/** Opens the workspace, takes its lock and listens for other commands. */
export async function openHost(root: string, command: string): Promise<Host> {
  try {
    return await open(root, command);
  } catch (error) {
    throw nameDiskFull(error, root);
  }
}

/** Provenance sees all stages; they are loaded by the first job that reads something, not by every question. */
const clearJob: Parameters<typeof openSession>[3] = async (db, job) =>
  (await import('./provenance/index.ts')).clearJob(db, job);

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

/** Who may write to a socket may ask over it: its owner alone, whatever the process's mask and the folder allow. */
const OTHERS = 0o177;

async function listen(app: Host['app'], path: string): Promise<Server> {
  await rm(path, { force: true });
  const server = createServer(getRequestListener(app.fetch));
  const ready = once(server, 'listening');
  const mask = process.umask(OTHERS);
  // The socket is there when this returns, so nothing else is made under that mask.
  server.listen(path);
  process.umask(mask);
  await ready;
  return server.unref();
}
