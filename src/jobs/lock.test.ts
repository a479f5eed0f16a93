import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holderOf, takeLock } from './lock.ts';
import { startTime } from './process.ts';

let root: string;
const others: ChildProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'backlot-lock-'));
});
afterEach(async () => {
  for (const child of others.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** A process that is not this one, and its lock on the workspace. */
async function otherHolder(): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn('sleep', ['600']);
  others.push(child);
  const pid = child.pid ?? 0;
  const facts = { pid, startTime: startTime(pid), command: 'train', since: '2026-01-01T00:00:00.000Z' };
  await writeFile(join(root, 'lock'), JSON.stringify(facts));
  const end = () => new Promise<void>((done) => child.once('close', () => done()) && child.kill('SIGKILL'));
  return { pid, end };
}

it('a workspace that another process has open is refused, naming that process', async () => {
  const { pid } = await otherHolder();
  const refused = await takeLock(root, 'status').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'workspace-locked' });
  expect((refused as Error).message).toContain(`process ${pid} (train)`);
  expect(await readdir(root)).toEqual(['lock']);
});

it('the lock of a process that died is taken over', async () => {
  const other = await otherHolder();
  await other.end();
  const lock = await takeLock(root, 'status');
  expect(await holderOf(root)).toMatchObject({ pid: process.pid, command: 'status' });
  expect(await readdir(root)).toEqual(['lock']);
  await lock.release();
});

it.skipIf(startTime(process.pid) === null)(
  'a lock whose pid now is another process is taken over',
  async () => {
    const facts = { pid: process.pid, startTime: '1', command: 'train', since: '2026-01-01T00:00:00.000Z' };
    await writeFile(join(root, 'lock'), JSON.stringify(facts));
    await (await takeLock(root, 'status')).release();
  },
);

it('a lock file that holds no words, as after a power cut, is taken over', async () => {
  await writeFile(join(root, 'lock'), '');
  expect(await holderOf(root)).toBeNull();
  await (await takeLock(root, 'status')).release();
});

it('a released workspace has no holder and can be taken again', async () => {
  await (await takeLock(root, 'one')).release();
  expect(await holderOf(root)).toBeNull();
  expect(existsSync(join(root, 'lock'))).toBe(false);
  await (await takeLock(root, 'two')).release();
});

it('of two that ask at once one is refused', async () => {
  const asked = await Promise.allSettled([takeLock(root, 'one'), takeLock(root, 'two')]);
  expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});
