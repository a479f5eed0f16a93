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
 * Answers those who bring the token: a program as `authorization: Bearer`, a browser as the cookie that it is given when
 * it opens a page with `?token=`. Tokens are compared in constant time.
 */
export function tokenOnly(port: number, token: string): MiddlewareHandler {
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
  const name = `backlot-${port}`;
  return async (c, next) => {
    if (c.req.method === 'GET' && (await fits(c.req.query('token'), token))) return opened(c, name, token);
    return (await fits(getCookie(c, name), token)) ? next() : bearer(c, next);
  };
}

const fits = async (given: string | undefined, token: string): Promise<boolean> =>
  given !== undefined && (await timingSafeEqual(given, token));

/** The token goes into the browser's cookie and out of the address, and so out of its history and bookmarks. */
function opened(c: Context, name: string, token: string): Response {
  setCookie(c, name, token, { httpOnly: true, sameSite: 'Strict' });
  c.header('cache-control', 'no-store');
  const page = new URL(c.req.url);
  page.searchParams.delete('token');
  return c.redirect(page.href);
}

const noToken = (port: number, c: Context): BacklotError =>
  new BacklotError('no-token', {
    expected: 'the token that this server made when it started',
    where: `${c.req.method} 127.0.0.1:${port}${c.req.path}`,
    found: 'none that fits',
    remedy: `Open the address that \`serve\` printed; a program sends \`authorization: Bearer\` with what the workspace's file ${tokenFile(port)} holds.`,
  });
