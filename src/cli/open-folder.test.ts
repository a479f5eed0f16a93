import { chmod, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openWords, tellOpenFolder } from './open-folder.ts';

it('a workspace that other accounts can reach is told, with the command that closes it', () => {
  const words = openWords('/films/w', [0o755, 0o755, 0o755]);
  expect(words).toContain('other accounts of this machine can reach what lies in /films/w (mode 0755)');
  expect(words).toContain('`chmod 700 /films/w`');
  expect(openWords('/films/w', [0o777, 0o755])).toContain('can change');
  expect(openWords('/films/w', [0o775, 0o755])).toContain(
    'other accounts of this machine can reach and the accounts of its group can change what lies in',
  );
  expect(openWords('/films/w', [0o757, 0o755])).toMatch(/^other accounts of this machine can change what/);
  expect(openWords('/films/w', [0o770, 0o755])).toContain('the accounts of its group can change');
});

it('one that is closed, or lies in a folder that is, is not', () => {
  expect(openWords('/films/w', [0o700, 0o755])).toBeNull();
  expect(openWords('/closed/w', [0o755, 0o700, 0o755])).toBeNull();
  expect(openWords('/closed/w', [0o755, 0o750, 0o755])).toContain('the accounts of its group can reach');
  expect(openWords('/closed/none', [0, 0o755])).toBeNull();
});

it('the command is one that a shell takes, whatever the name', () => {
  expect(openWords("/it's a film", [0o755])).toContain(String.raw`chmod 700 '/it'\''s a film'`);
});

it('it is told on stderr, also of one that a link in a closed folder leads to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-open-'));
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  await tellOpenFolder(folder);
  await chmod(folder, 0o755);
  await tellOpenFolder(folder);
  const closed = await mkdtemp(join(tmpdir(), 'backlot-closed-'));
  await symlink(folder, join(closed, 'link'));
  await tellOpenFolder(join(closed, 'link'));
  write.mockRestore();
  await rm(closed, { recursive: true });
  await rm(folder, { recursive: true });
  expect(said).toHaveLength(2);
  expect(said[1]).toBe(said[0]);
  expect(said.slice(0, 1)).toEqual([
    expect.stringMatching(/^notice: .* \(mode 0755\): `chmod 700 .*` closes it\.\n$/),
  ]);
});
