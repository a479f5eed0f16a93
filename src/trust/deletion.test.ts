import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordDeletion } from './deletion.ts';
import { readSigned } from './envelope.ts';

const before = process.env.BACKLOT_KEYS;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-deletion-'));
  process.env.BACKLOT_KEYS = join(folder, 'keys');
});
afterEach(async () => {
  process.env.BACKLOT_KEYS = before;
  await rm(folder, { recursive: true, force: true });
});

const of = { snapshot: 'd'.repeat(64), withdrawal: 'titles/harbour' };
const file = (name: string, bytes = 7) => ({ name, bytes });
const recorded = async () => {
  const path = join(folder, 'deletion.json');
  return readSigned(await readFile(path, 'utf8'), 'application/vnd.backlot.deletion+json', path);
};

it('a purge that goes on where one stopped keeps what that one said, signed anew', async () => {
  await recordDeletion(folder, { ...of, files: [file('a.tar'), file('shards', 90)] });
  await recordDeletion(folder, { ...of, files: [file('shards', 40), file('late.tar')] });
  expect(await recorded()).toMatchObject({
    ...of,
    files: [file('a.tar'), file('shards', 90), file('late.tar')],
  });
});

it('names every row for which something was removed, once each', async () => {
  for (const withdrawal of ['titles/harbour', 'grants/g1', 'titles/harbour'])
    await recordDeletion(folder, { ...of, withdrawal, files: [file('a.tar')] });
  expect(await recorded()).toMatchObject({ withdrawal: 'titles/harbour, grants/g1' });
});

it('what nobody trusted here has signed is kept beside, and neither taken over nor lost', async () => {
  await writeFile(join(folder, 'deletion.json'), '{"cut off');
  await recordDeletion(folder, { ...of, files: [file('a.tar')] });
  expect(await recorded()).toMatchObject({ files: [file('a.tar')] });
  const aside = (await readdir(folder)).filter((name) => /^deletion-[0-9a-f]{12}\.json$/.test(name));
  expect(await readFile(join(folder, aside[0] ?? ''), 'utf8')).toBe('{"cut off');
});
