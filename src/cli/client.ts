import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { BacklotError, type Progress, type Report } from '../contract/index.ts';
import { closedTo, isClosed } from '../jobs/lock.ts';

type Line = { progress: Progress } | { result: unknown } | { error: { code: string; message: string } };

/** Asks the process that holds the workspace, over its socket. */
export interface Client {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  /** @param stop closes the connection, and the other process cancels the work */
  perform(path: string, input: unknown, who: string, report: Report, stop?: AbortSignal): Promise<unknown>;
}

export function connect(socketPath: string): Client {
  return {
    get: async (path) => lastLine(await send(socketPath, 'GET', path, null, 'application/json')),
    post: async (path, body) => lastLine(await send(socketPath, 'POST', path, body, 'application/json')),
    perform: async (path, input, who, report, stop) => {
      const lines = await send(socketPath, 'POST', path, input, 'application/x-ndjson', who, stop);
      for await (const text of lines) {
        const line = JSON.parse(text) as Line;
        if ('progress' in line) report(line.progress);
        else return resultOf(line);
      }
      throw holderGone(socketPath);
    },
  };
}

type Lines = AsyncGenerator<string>;

function send(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
  accept: string,
  who = 'cli',
  stop?: AbortSignal,
): Promise<Lines> {
  return new Promise((resolve, reject) => {
    const headers = { accept, 'content-type': 'application/json', 'x-backlot-who': who };
    const call = request({ socketPath, method, path, headers, ...(stop && { signal: stop }) }, (response) =>
      resolve(linesOf(response, socketPath)),
    );
    call.once('error', (error) =>
      reject(isClosed(error) ? closedTo(socketPath, error) : holderGone(socketPath, error)),
    );
    call.end(body === null ? undefined : JSON.stringify(body));
  });
}

/** The reader is made when somebody reads: made before, it would drop an answer that is there at once. */
async function* linesOf(response: IncomingMessage, socketPath: string): Lines {
  let told = false;
  try {
    for await (const line of createInterface({ input: response })) {
      told = true;
      yield line;
    }
  } catch (error) {
    throw holderGone(socketPath, error);
  }
  if (!told) throw holderGone(socketPath);
}

async function lastLine(lines: Lines): Promise<unknown> {
  let text = '';
  for await (const line of lines) text += line;
  const value = JSON.parse(text) as Line;
  return value !== null && typeof value === 'object' && 'error' in value ? resultOf(value) : value;
}

function resultOf(line: Exclude<Line, { progress: Progress }>): unknown {
  if ('result' in line) return line.result;
  throw Object.assign(new Error(line.error.message), line.error, { name: 'BacklotError' });
}

const holderGone = (socketPath: string, cause?: unknown): BacklotError =>
  new BacklotError(
    'holder-gone',
    {
      expected: 'an answer from the process that holds the workspace',
      where: socketPath,
      found: 'none',
      remedy: 'Run the command again: it takes the workspace itself when the other process has ended.',
    },
    cause,
  );
