import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { getCookie, setCookie } from 'hono/cookie';
import { timingSafeEqual } from 'hono/utils/buffer';
import { BacklotError } from '../contract/index.ts';
import { failureOf, statusOf } from './errors.ts';

/** What a server on a TCP port, which every account of the machine reaches, knows its own people by: 32 random bytes. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The file of the workspace that the token lies in, for programs of the account that serves. */
export const tokenFile = (port: number): string => `token-${port}`;

/**
 * Answers those who bring the token: a program as `authorization: Bearer`. A browser that opens a page with `?token=` is led into the room
 * and given a pass for it in a cookie, by which it reads pages there and gives verdicts, and does nothing else. Tokens are compared in constant
 * time.
 */
export function tokenOnly(port: number, token: string, room: string): MiddlewareHandler {
  const refused = (c: Context) => {
    const error = noToken(port, c);
    return c.json({ error: failureOf(error) }, statusOf(error));
  };
  const message = { message: refused };
  const bearer = bearerAuth({
    ...{
      token,
      noAuthenticationHeader: message,
      invalidAuthenticationHeader: message,
      invalidToken: message,
    },
  });
  // A browser sends a cookie to all ports of a name: each server's has a name of its own.
  const pass = { name: `backlot-${port}`, value: newToken(), room };
  return async (c, next) => {
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!reads && !isVerdict(c, room)) return bearer(c, next);
    if (reads && (await fits(c.req.query('token'), token))) return opened(c, pass);
    if (!(await fits(getCookie(c, pass.name), pass.value))) return bearer(c, next);
    c.req.raw = outside(c);
    return next();
  };
}

/** The one operation that is done by the pass: what people say of takes, which is added and changes nothing. */
const VERDICT = '/api/review/verdict';

/** Of a page of the room: no form or script of elsewhere sends its own origin, and only who knows the room its path. */
const isVerdict = (c: Context, room: string): boolean =>
  c.req.method === 'POST' &&
  new URL(c.req.url).pathname === room + VERDICT &&
  c.req.header('origin') !== undefined;

/** What is asked for in the room, as if there was none. */
function outside(c: Context): Request {
  const page = new URL(c.req.url);
  page.pathname = c.req.path;
  const { method, headers, body } = c.req.raw;
  return new Request(page, { method, headers, ...(body && { body, duplex: 'half' }) });
}

const fits = async (given: string | undefined, token: string): Promise<boolean> =>
  given !== undefined && (await timingSafeEqual(given, token));

interface Pass {
  name: string;
  value: string;
  room: string;
}

/** The token goes out of the address, and so out of the browser's history and bookmarks. */
function opened(c: Context, { name, value, room }: Pass): Response {
  setCookie(c, name, value, { httpOnly: true, sameSite: 'Strict', path: room });
  c.header('cache-control', 'no-store');
  const page = new URL(c.req.url);
  page.searchParams.delete('token');
  page.pathname = room + c.req.path;
  return c.redirect(page.href);
}

const noToken = (port: number, c: Context): BacklotError =>
  new BacklotError('no-token', {
    expected: 'the token that this server made when it started',
    where: `${c.req.method} 127.0.0.1:${port}${c.req.path}`,
    found: 'none that fits',
    remedy: `Open the address that \`serve\` printed; a program sends \`authorization: Bearer\` with what the workspace's file ${tokenFile(port)} holds.`,
  });
