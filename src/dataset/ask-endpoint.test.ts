import { expect, it } from 'vitest';
import { askFor, type Endpoint } from './ask-endpoint.ts';
import { endpointThat } from './endpoint.test-support.ts';

const sendings = { before: async () => {}, failed: async () => {} };

async function askedOf(says: string) {
  const server = await endpointThat(() => ({ says }));
  const endpoint: Endpoint = { url: server.url, model: 'seer', key: null };
  const signal = new AbortController().signal;
  return askFor(endpoint, Buffer.from('picture'), sendings, signal).finally(server.close);
}

it('a caption is what a model says, without its reasoning and markup', async () => {
  const tokens = { in: 100, out: 10 };
  const answer = await askedOf('<think>Long ears, grass.</think>\n\n"A **rabbit** in a meadow"');
  expect(answer).toEqual({ caption: 'A rabbit in a meadow', cleaned: true, tokens });
  expect(await askedOf('A rabbit in a meadow')).toEqual({ ...answer, cleaned: false });
});

it('reasoning that does not end is no caption, and a model that declines after it declines', async () => {
  await expect(askedOf('<think>Long ears, so')).rejects.toMatchObject({
    ...{ reason: 'reasoning_unfinished', answered: true, tokens: { in: 100, out: 10 } },
  });
  await expect(askedOf('<think>Who?</think>I cannot tell.')).rejects.toMatchObject({ reason: 'declined' });
});
