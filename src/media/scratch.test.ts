import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withScratch } from './scratch.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  vi.stubEnv('TMPDIR', root);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

/** A number that no process has: Linux gives none above 2^22. */
const NOBODY = 2 ** 22 + 1;

async function left(pid: number, hours: number): Promise<string> {
  const folder = join(root, `backlot-stills-${pid}-abcDEF`);
  await mkdir(folder);
  await writeFile(join(folder, 'picture-1'), 'x');
  const then = new Date(Date.now() - hours * 3600 * 1000);
  await utimes(folder, then, then);
  return folder;
}

it('a scratch folder is gone after the work, and after an error, which is what is told', async () => {
  const folders: string[] = [];
  const inside = (folder: string) => {
    folders.push(folder);
    return writeFile(join(folder, 'frames.u8'), 'x');
  };
  await withScratch('doubts', inside);
  const failing = withScratch('doubts', async (folder) => {
    await inside(folder);
    throw new Error('the film broke off');
  });
  await expect(failing).rejects.toThrow('the film broke off');
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
});

it('what a killed process left is removed once it is old, and nothing of one that lives', async () => {
  const [old, own] = [await left(NOBODY, 7), await left(process.pid, 7)];
  await withScratch('stills', async () => {});
  expect([existsSync(old), existsSync(own)]).toEqual([false, true]);
  const young = await left(NOBODY, 1);
  await withScratch('stills', async () => {});
  expect(existsSync(young)).toBe(true);
});
