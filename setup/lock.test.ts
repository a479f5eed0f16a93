import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'backlot-test-lock-'));
let other: ChildProcess | undefined;

afterEach(() => {
  other?.kill();
  rmSync(home, { recursive: true, force: true });
});

/** What a set-up says first that finds a lock in the name of this process. */
function setUpBeside(program: string, ...args: string[]): string {
  other = spawn(program, args);
  mkdirSync(join(home, 'setup.lock'), { recursive: true });
  writeFileSync(join(home, 'setup.lock', 'pid'), `${other.pid}\n`);
  const script = 'say() { echo "$*"; exit; }; . ./setup/lock.sh; take_setup_lock; echo taken';
  return execFileSync('sh', ['-c', script], { env: { ...process.env, HOME_DIR: home }, encoding: 'utf8' });
}

it('a lock whose pid now belongs to another program is taken over', () => {
  expect(setUpBeside('sleep', '30')).toBe('taken\n');
});

it('a lock whose holder still sets up is waited for', () => {
  expect(setUpBeside('tail', '-f', 'backlot')).toContain('is setting up; waiting for it');
});
