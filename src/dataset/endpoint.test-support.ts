import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came to the endpoint. */
export interface Asked {
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** The caption, or a whole body. */
  says?: string | object;
}

/** A server on this machine that speaks the protocol of chat completions, and keeps what it was asked. */
export async function endpointThat(reply: (asked: Asked, number: number) => Reply | Promise<Reply>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { url = '', headers } = request;
    const one = { at: performance.now(), path: url, headers, body: Buffer.concat(parts).toString() };
    asked.push(one);
    const { status = 200, headers: own = {}, says = 'a caption' } = await reply(one, asked.length);
    response.writeHead(status, { 'content-type': 'application/json', ...own });
    response.end(JSON.stringify(typeof says === 'string' ? answer(says) : says));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}/v1`, asked, close };
}

const answer = (content: string) => ({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
});
