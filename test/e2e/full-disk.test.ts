import { spawnSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { answerOf, backlot, type Ended, type Place, place, tinyFilm } from './command.ts';

/** An empty workspace has 40 MB, most of it the database's journal. */
const DISK = 'size=96m';
/** What is left on a full disk: enough to begin, too little to end. */
const LEFT_BYTES = 8192;

let here: Place;
let disk: string;
let mounted = false;

beforeAll(async () => {
  here = await place();
  for (const name of ['a.mp4', 'b.mp4']) await tinyFilm(here.at(name));
  disk = join(here.films, '..', 'disk');
  await mkdir(disk);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', DISK, 'tmpfs', disk]).status === 0;
});
afterEach(() => empty());
afterAll(async () => {
  if (mounted) spawnSync('umount', [disk]);
  await here.remove();
});

const WHY_NOT = 'this machine allows no mount (mount -t tmpfs)';
const filler = () => join(disk, 'filler');
const empty = () => rm(filler(), { force: true });
const ask = (workspace: string, ...args: string[]) =>
  backlot(...args, '--workspace', join(disk, workspace), '--json');

async function fill(): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  await writeFile(filler(), Buffer.alloc(bavail * bsize - LEFT_BYTES));
}

/** Fails unless the command said that the disk is full, where, and what to do. */
function saysFull(ended: Ended): void {
  expect(ended.code).toBe(1);
  const { error } = answerOf<{ error: { code: string; message: string } }>(ended);
  expect(error.code).toBe('disk-full');
  expect(error.message).toContain(`${disk}/`);
  expect(error.message).toContain('Free some and run the command again');
}

it('a disk that is full when a workspace is made is named, and with room the same command works', async ({
  skip,
}) => {
  if (!mounted) return skip(WHY_NOT);
  await fill();
  saysFull(await ask('new', 'catalog', 'add', here.at('a.mp4')));
  await empty();
  expect((await ask('new', 'catalog', 'add', here.at('a.mp4'))).code).toBe(0);
  await rm(join(disk, 'new'), { recursive: true });
});

it('a disk that fills up in the middle is named, nothing is lost, and with room the same command goes on', async ({
  skip,
}) => {
  if (!mounted) return skip(WHY_NOT);
  expect((await ask('old', 'catalog', 'add', here.at('a.mp4'))).code).toBe(0);
  await fill();
  saysFull(await ask('old', 'catalog', 'add', here.films));
  await empty();

  const { titles } = answerOf<{ titles: { name: string }[] }>(await ask('old', 'catalog', 'list'));
  expect(titles.map(({ name }) => name)).toContain('a');
  const again = answerOf<{ known: object[]; added: object[] }>(
    await ask('old', 'catalog', 'add', here.films),
  );
  expect(again).toMatchObject({ known: [{ file: here.at('a.mp4') }], added: [{ file: here.at('b.mp4') }] });
});
