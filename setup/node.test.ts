import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'backlot-test-npm-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Where the fetched npm is told that the machine's npmrc lies, the system's npm saying `path`. */
function toldBySystem(path: string): string {
  writeFileSync(join(home, 'npm'), `#!/bin/sh\n[ "$*" = 'config get globalconfig' ] && echo ${path}\n`);
  chmodSync(join(home, 'npm'), 0o755);
  const script = '. ./setup/node.sh; use_machine_npmrc; printenv NPM_CONFIG_GLOBALCONFIG || echo nothing';
  const env = { HOME_DIR: home, PATH: `${home}:/usr/bin:/bin` };
  return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' });
}

it("the fetched npm reads the machine's npmrc, whose cafile the system's npm used", () => {
  const npmrc = join(home, 'npmrc');
  writeFileSync(npmrc, 'cafile=/etc/ssl/own.pem\n');
  expect(toldBySystem(npmrc)).toBe(`${npmrc}\n`);
});

it('without such a file the fetched npm keeps its own place', () => {
  expect(toldBySystem(join(home, 'none'))).toBe('nothing\n');
});
