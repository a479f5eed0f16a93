import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineVersion, folderHash } from './hash.ts';

const python =
  process.env.BACKLOT_PYTHON ?? fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));
const engine = fileURLToPath(new URL('../../engine', import.meta.url));
let folder: string;

/** Names whose order differs between bytes, UTF-16 and a locale; a file that does not count. */
const FILES = [
  'model.json',
  'B.json',
  'a.safetensors',
  'é.json',
  '\u{1F3AC}.json',
  '\uFB01.json',
  'sub/Z.json',
  'sub-1.json',
  'card.md',
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-hash-'));
  await mkdir(join(folder, 'sub'));
  for (const name of FILES) await writeFile(join(folder, name), `content of ${name}`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.skipIf(!existsSync(python))('both languages hash a model folder to the same digest', async () => {
  // The package itself imports nothing heavy: this costs no torch.
  const ask =
    'import sys; from pathlib import Path; from backlot_engine.data.hashing import folder_hash; print(folder_hash(Path(sys.argv[1])))';
  const theirs = execFileSync(python, ['-c', ask, folder], { cwd: engine, encoding: 'utf8' }).trim();
  expect(await folderHash(folder)).toBe(theirs);
});

it('a file that is no part of the model does not change the digest, one that is does', async () => {
  const before = await folderHash(folder);
  await writeFile(join(folder, 'card.md'), 'another card');
  expect(await folderHash(folder)).toBe(before);
  await writeFile(join(folder, 'sub', 'Z.json'), 'other weights');
  expect(await folderHash(folder)).not.toBe(before);
});

it.skipIf(!existsSync(python))("both languages name the same version of the engine's source", async () => {
  const ask = 'from backlot_engine.data.hashing import source_hash; print(source_hash())';
  const theirs = execFileSync(python, ['-c', ask], { cwd: engine, encoding: 'utf8' }).trim();
  expect(await engineVersion()).toBe(theirs);
});
