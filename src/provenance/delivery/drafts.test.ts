import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withDraft } from './drafts.ts';

let root: string;
let to: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'backlot-'));
  to = join(root, 'delivery');
});
afterAll(() => rm(root, { recursive: true }));

const old = new Date(Date.now() - 86_400_000);

async function laidOut(draft: string, at: Date): Promise<void> {
  await mkdir(draft, { recursive: true });
  const take = join(draft, 'tak_1.mp4');
  await writeFile(take, 'a take');
  await utimes(take, at, at);
  await utimes(draft, at, at);
}

it('of two hand-overs to one place the second leaves what the first lays out, however long that takes', async () => {
  await withDraft(to, async (first) => {
    await laidOut(first, old);
    await withDraft(to, async () => {});
    expect(existsSync(join(first, 'tak_1.mp4'))).toBe(true);
  });
});

it('what somebody else lays out there stays, and goes once nothing of it was written for an hour', async () => {
  const other = `${to}.01234567-89ab-cdef-0123-456789abcdef.partial`;
  await laidOut(other, new Date());
  await utimes(other, old, old);
  await withDraft(to, async () => {});
  expect(existsSync(other)).toBe(true);
  await laidOut(other, old);
  await withDraft(to, async () => {});
  expect(existsSync(other)).toBe(false);
});
