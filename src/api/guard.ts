import { Hono, type MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { getPath } from 'hono/utils/url';
import { BacklotError } from '../contract/index.ts';
import { failureOf, statusOf } from './errors.ts';
import { newRoom, pathIn } from './room.ts';
import { tokenOnly } from './token.ts';

/** What the server tells of a request beside it. */
export interface Served {
  Bindings: object;
}

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * An app for a TCP port of the loopback address, where every web page that a person visits and every other account of
 * the machine can send requests: it answers to the names of this machine alone (another one was bent to it), to its own
 * pages alone, and to those alone who bring its token.
 */
export function guardedApp(port: number, token: string): Hono<Served> {
  const room = newRoom();
  const app = new Hono<Served>({ getPath: (request) => pathIn(room, getPath(request)) });
  app.onError((error, c) =>
    error instanceof HTTPException
      ? error.getResponse()
      : c.json({ error: failureOf(error) }, statusOf(error)),
  );
  app.use(keepsAddresses, ownPagesOnly(port), tokenOnly(port, token, room));
  // Addresses are relative, and lead out of a folder that is named without its slash.
  app.get(room, (c) => c.redirect(`${room}/`));
  return app;
}

/** Browsers of before 2021 tell another port the whole address of the page that leads there, with the room in it. */
const keepsAddresses: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('referrer-policy', 'same-origin');
};

function ownPagesOnly(port: number): MiddlewareHandler {
  // A URL leaves out the port 80, as browsers do.
  const hosts = loopback.map((name) => new URL(`http://${name}:${port}`).host);
  return async (c, next) => {
    const host = c.req.header('host')?.toLowerCase() ?? '';
    const origin = c.req.header('origin');
    if (!hosts.includes(host)) throw foreign(port, `the host ${host || 'unnamed'}`);
    if (origin !== undefined && origin !== `http://${host}`) throw foreign(port, `a page of ${origin}`);
    await next();
  };
}

const foreign = (port: number, found: string): BacklotError =>
  new BacklotError('foreign-page', {
    expected: 'a request to this machine by a page of its own, or by a program',
    where: `127.0.0.1:${port}`,
    found,
    remedy: `Open http://127.0.0.1:${port}; a tunnel to it needs the same port at both ends.`,
  });
