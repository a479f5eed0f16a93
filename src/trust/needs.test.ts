import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { useFor, usesOf } from './needs.ts';

it('what a job makes of clips needs the uses that the engine asks for too', async () => {
  const path = new URL('../../test/fixtures/contract/uses-of-jobs.json', import.meta.url);
  for (const { uses, ...job } of JSON.parse(await readFile(path, 'utf8')))
    expect(usesOf(job), job).toEqual(uses);
});

it('a permit keeps the use of the snapshot where that is enough, and names the other where it is not', () => {
  const using = (method: 'lora' | 'full' | 'scratch', use: string) => useFor({ kind: 'train', method }, use);
  expect(using('lora', 'train.performer')).toBe('train.performer');
  expect(using('lora', 'train.foundation')).toBe('train.style');
  expect(using('scratch', 'train.style')).toBe('train.foundation');
  expect(useFor({ kind: 'check' }, 'index')).toBe('eval');
});
