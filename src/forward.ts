import { request as ask, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BacklotError } from './contract/index.ts';
import { closedTo, isClosed } from './jobs/lock.ts';

/**
 * Passes a request on to the process that holds the workspace, and its answer back as it comes. What it was let in by
 * here stays here: the other process knows its own by who may open its socket.
 * @param socketPath its socket; null where its path is too long to be asked over
 * @throws BacklotError `holder-gone`, `workspace-closed`
 */
export function forwarded(request: Request, socketPath: string | null): Promise<Response> {
  const { method } = request;
  const { authorization: _, cookie: __, ...headers } = Object.fromEntries(request.headers);
  const { pathname, search } = new URL(request.url);
  return new Promise((resolve, reject) => {
    if (socketPath === null) return reject(gone('a socket with too long a path'));
    const call = ask({ socketPath, method, path: `${pathname}${search}`, headers });
    call.once('response', (answer) => resolve(responseOf(answer)));
    call.once('error', (cause) =>
      reject(isClosed(cause) ? closedTo(socketPath, cause) : gone(socketPath, cause)),
    );
    if (request.body) Readable.fromWeb(request.body as never).pipe(call);
    else call.end();
  });
}

/** What holds for one connection alone is left out. */
function responseOf(answer: IncomingMessage): Response {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...headers } = answer.headers;
  const body = Readable.toWeb(answer) as ReadableStream;
  return new Response(body, { status: answer.statusCode ?? 502, headers: headers as Record<string, string> });
}

const gone = (where: string, cause?: unknown): BacklotError => {
  const facts = { expected: 'an answer from the process that holds the workspace', where, found: 'none' };
  const remedy = 'Ask again in a moment: this process takes the workspace when the other one has ended.';
  return new BacklotError('holder-gone', { ...facts, remedy }, cause);
};
