import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'cborg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { runFfmpeg } from '../media/index.ts';
import type { Head } from './left-pass.ts';
import { cancelledAndDone, renderComposed, undivided } from './resume.test-support.ts';

let folder: string;
const at = (name: string) => join(folder, name);
let films: Awaited<ReturnType<typeof testContext>>;
let wanted: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-anew-'));
  films = await testContext();
  await renderComposed(at('plain.mp4'));
  wanted = await undivided(films.context, at('plain.mp4'));
}, 120_000);
afterAll(async () => {
  await films.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes what a pass has come to with other words in it. */
const altered = (change: (head: Head) => Head) => async (left: string) => {
  const file = join(left, 'pass');
  await writeFile(file, encode(change(decode(await readFile(file)) as Head)));
};

async function removePicture(left: string): Promise<void> {
  const picture = (await readdir(left)).find((name) => name.endsWith('.jpg'));
  await rm(join(left, picture ?? 'no picture was kept'));
}

const spoiled: [string, RegExp, (left: string) => Promise<unknown>][] = [
  [
    'where the first frames differ',
    /anew: .*the frames that were seen/s,
    altered((head) => ({ ...head, seen: '' })),
  ],
  [
    'where the code is another',
    /anew: .*another version/,
    altered((head) => ({ ...head, key: { ...head.key, by: '' } })),
  ],
  [
    'where what was kept is cut off',
    /anew: .*cannot be read/,
    (left) => truncate(join(left, 'pass.grown'), 100),
  ],
];

describe('a pass that was cancelled begins anew, and says why', () => {
  it.each(spoiled)(
    '%s',
    async (_, why, spoil) => {
      const { said, kept } = await cancelledAndDone(films.context, at('plain.mp4'), spoil);
      expect(said.at(-1)).toMatch(why);
      expect(kept).toBe(wanted);
    },
    120_000,
  );

  it('where a picture is gone', async () => {
    const { said, kept } = await cancelledAndDone(films.context, at('plain.mp4'), removePicture, {
      times: 2,
    });
    expect(said).toEqual([expect.stringMatching(/anew: .*cannot be read/)]);
    expect(kept).toBe(wanted);
  }, 120_000);

  it('where the other detector is asked for', async () => {
    const { said, kept } = await cancelledAndDone(films.context, at('plain.mp4'), async () => {}, {
      first: 'exact',
    });
    expect(said).toEqual([expect.stringMatching(/anew: .*with the exact detector/)]);
    expect(kept).toBe(wanted);
  }, 120_000);

  it('where frames cannot be sought, as in a bare H.264 stream', async () => {
    const args = ['-c:v', 'libx264', '-bf', '2', '-g', '60'];
    await runFfmpeg(['-v', 'error', '-i', at('plain.mp4'), ...args, at('bare.h264')]);
    const { said, kept } = await cancelledAndDone(films.context, at('bare.h264'));
    expect(said).toEqual([expect.stringMatching(/anew: its frames cannot be sought exactly/)]);
    expect(kept).toBe(await undivided(films.context, at('bare.h264')));
  }, 120_000);
});
