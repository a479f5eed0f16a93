import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ends, type FakeEngine, fakeEngine, trainDraft } from './engine.test-support.ts';
import { draftToJob } from './engine-process.ts';
import { toldOutcome } from './outcome.ts';
import { jobHoldsWords, purgeWords, wordsFile } from './run-words.ts';

let fake: FakeEngine;
beforeEach(async () => {
  fake = await fakeEngine();
});
afterEach(() => fake.remove());

const sheet = (...captions: string[]) => ({
  ...trainDraft(1),
  sample: { captions, sampling: { steps: 2, guidance: 2, shift: 3 } },
});

it("a training's captions lie beside its job, which names them by hash; without them its outcome is believed as before", async () => {
  await fake.becomes(ends({ status: 'succeeded', result: {} }));
  const { directory } = await fake.engine.run(sheet('Ann by the pier'));
  const job = await readFile(join(directory, 'job.json'), 'utf8');
  const words = await readFile(join(directory, 'captions.json'));
  expect(JSON.parse(words.toString())).toEqual(['Ann by the pier']);
  expect(JSON.parse(job).sample.captions).toBe(createHash('sha256').update(words).digest('hex'));
  expect([job.includes('Ann'), jobHoldsWords(directory)]).toEqual([false, false]);
  await purgeWords(directory);
  expect(wordsFile(directory)).toBeNull();
  expect(await toldOutcome(directory)).toMatchObject({ by: 'run', outcome: { status: 'succeeded' } });
});

it('other captions are another run', () => {
  const id = (caption: string) => draftToJob(sheet(caption), 'a'.repeat(64)).id;
  expect(id('one')).toBe(id('one'));
  expect(id('one')).not.toBe(id('two'));
});
