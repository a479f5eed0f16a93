import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

/** What the command line says to an account that may not open what the account which holds the workspace made. */

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'backlot-other-'));
  onTestFinished(async () => {
    await chmod(path, 0o700);
    await rm(path, { recursive: true });
  });
  return path;
}

/** As nobody, where these tests run as root, who may open everything. @returns code and message of what it throws */
async function asAnother(expression: string, module: string): Promise<string> {
  const script = `const it = await import(${JSON.stringify(here(module))});
    if (process.getuid() === 0) { process.setegid(65534); process.seteuid(65534); }
    await it.${expression}.then((found) => console.log('no error', found), (error) => console.log(error.code, error.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return stdout;
}

const told =
  /^workspace-closed .*a workspace that this account may read and write.*Run the command as the account that the workspace belongs to/s;

it('a workspace that it may not read is not called missing, and its holder not gone', async () => {
  const root = await folder();
  await writeFile(join(root, 'lock'), '{}');
  await chmod(root, process.getuid?.() === 0 ? 0o700 : 0o000);
  expect(await asAnother(`holderOf(${JSON.stringify(root)})`, '../jobs/lock.ts')).toMatch(told);
});

it('a process that it may not ask is not called gone', async () => {
  const root = await folder();
  await chmod(root, 0o755);
  const path = join(root, 'socket');
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((ready) => server.listen(path, ready));
  await chmod(path, process.getuid?.() === 0 ? 0o600 : 0o000);
  expect(await asAnother(`connect(${JSON.stringify(path)}).get('/api/x')`, './client.ts')).toMatch(told);
});

it('a workspace that it may read, and not write, is not an error of the program', async () => {
  const root = await folder();
  await chmod(root, process.getuid?.() === 0 ? 0o755 : 0o555);
  expect(await asAnother(`takeLock(${JSON.stringify(root)}, 'status')`, '../jobs/lock.ts')).toMatch(told);
});
