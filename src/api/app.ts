import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { stream } from 'hono/streaming';
import { BacklotError, type Report } from '../contract/index.ts';
import { type JobRow, type Operation, parseInput, type Session, urlOf } from '../jobs/index.ts';
import { describeOperation } from './document.ts';
import { failureOf, statusOf } from './errors.ts';

/**
 * The HTTP surface of an open workspace. Every operation is a POST of its input; a caller that accepts
 * `application/x-ndjson` also gets `{progress}` lines before the last line, `{result}` or `{error}`; where it closes the
 * connection before that, its job is cancelled.
 */
export function createApp(session: Session, operations: readonly Operation[]): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const operation of operations) mountOperation(app, session, operation);
  mountJobs(app, session);
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Backlot', version: '1' } });
  app.notFound((c) => c.json({ error: { code: 'not-found', message: `no page at ${c.req.path}` } }, 404));
  app.onError((error, c) => c.json({ error: failureOf(error) }, statusOf(error)));
  return app;
}

function mountOperation(app: OpenAPIHono, session: Session, operation: Operation): void {
  describeOperation(app.openAPIRegistry, operation);
  app.post(urlOf(operation), async (c) => {
    const input = await bodyOf(c);
    // Refused here: a stream has begun to answer by then. What is asked for is what was said, without defaults.
    parseInput(operation, input);
    const who = c.req.header('x-backlot-who') ?? 'api';
    return answered(c, (report, gone) => session.perform(operation, input, who, report, gone));
  });
}

type Perform = (report: Report, gone?: AbortSignal) => Promise<unknown>;

async function answered(c: HonoContext, perform: Perform): Promise<Response> {
  if (c.req.header('accept') === 'application/x-ndjson') return streamed(c, perform);
  return c.json((await perform(() => {})) as object);
}

/** A web page may send any other type anywhere without being asked: JSON it must first ask for, and is not given. */
async function bodyOf(c: HonoContext): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw notJson(c.req.path, type);
  try {
    return await c.req.json();
  } catch {
    throw new BacklotError('bad-json', {
      expected: 'a JSON object',
      where: `the body of POST ${c.req.path}`,
      found: 'text that is not JSON',
      remedy: 'Send the input of the operation as JSON; /openapi.json describes it.',
    });
  }
}

const notJson = (path: string, type: string): BacklotError =>
  new BacklotError('not-json', {
    expected: 'the content type application/json',
    where: `the body of POST ${path}`,
    found: type || 'none',
    remedy: 'Send the header `content-type: application/json`.',
  });

function streamed(c: HonoContext, perform: Perform): Response {
  c.header('content-type', 'application/x-ndjson');
  const gone = new AbortController();
  return stream(c, async (out) => {
    out.onAbort(() => gone.abort());
    const line = (value: unknown) => out.write(`${JSON.stringify(value)}\n`);
    try {
      await line({ result: await perform((progress) => void line({ progress }), gone.signal) });
    } catch (error) {
      await line({ error: failureOf(error) });
    }
  });
}

const idParam = z.object({ id: z.string() });

function mountJobs(app: OpenAPIHono, session: Session): void {
  app.get('/api/status', async (c) => c.json(await statusOfWorkspace(session)));
  app.get('/api/jobs', async (c) => c.json({ jobs: await session.queue.list() }));
  app.post('/api/jobs/:id/cancel', async (c) => {
    const { id } = idParam.parse(c.req.param());
    await session.queue.cancel(id);
    return c.json({ id });
  });
  app.post('/api/jobs/:id/retry', (c) => {
    const { id } = idParam.parse(c.req.param());
    return answered(c, async (report, gone) => ({ id, result: await session.retry(id, report, gone) }));
  });
}

async function statusOfWorkspace(session: Session): Promise<object> {
  const jobs = await session.queue.list();
  const active = (job: JobRow) => job.state === 'working' || job.state === 'waiting';
  return { workspace: session.root, pid: process.pid, jobs: jobs.filter(active) };
}
