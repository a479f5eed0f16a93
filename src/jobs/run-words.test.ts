import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ends, type FakeEngine, fakeEngine, trainDraft } from './engine.test-support.ts';
import { draftToJob } from './engine-process.ts';
import { toldOutcome } from './outcome.ts';
import { type JobDraft, jobHoldsWords, purgeTexts, purgeWords, textsFile, wordsFile } from './run-words.ts';

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

it('the words of briefs lie beside their job too, and go without it; other words are another run', async () => {
  const nothing = { first: null, last: null, video: null, strength: null };
  const drawing = (text: string): JobDraft => ({
    ...{
      kind: 'generate',
      seed: 0,
      base: { path: '/base', sha256: 'b'.repeat(64) },
      adapters: [],
      size: null,
    },
    briefs: [{ id: '01-text', text, mode: 'text', candidates: 1, seed: 1, ...nothing }],
    ...{ sampling: { steps: 2, guidance: 2, shift: 3 }, batch: 1, precision: 'fp32' },
  });
  await fake.becomes(ends({ status: 'succeeded', result: {} }));
  const { directory } = await fake.engine.run(drawing('Ann by the pier'));
  expect(await readFile(join(directory, 'job.json'), 'utf8')).not.toContain('Ann');
  expect(JSON.parse(await readFile(join(directory, 'texts.json'), 'utf8'))).toEqual(['Ann by the pier']);
  const idOf = (text: string) => draftToJob(drawing(text), 'a'.repeat(64)).id;
  expect(idOf('one')).not.toBe(idOf('two'));
  await purgeTexts(directory);
  expect(textsFile(directory)).toBeNull();
  expect(await toldOutcome(directory)).toMatchObject({ by: 'run', outcome: { status: 'succeeded' } });
});

it('other captions are another run', () => {
  const id = (caption: string) => draftToJob(sheet(caption), 'a'.repeat(64)).id;
  expect(id('one')).toBe(id('one'));
  expect(id('one')).not.toBe(id('two'));
});
