import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Context } from './context.ts';
import { removedFiles } from './removed.ts';

it('a file that goes by itself before it is looked at, as runs at work rename their own, stops no record', async () => {
  const root = await mkdtemp(join(tmpdir(), 'backlot-'));
  const [here, gone] = [join(root, 'a.latents'), join(root, 'a.latents.0123.tmp')];
  await writeFile(here, 'latents');
  const removed = await removedFiles({ paths: { root } } as Context, [
    ['latents', gone],
    ['latents', here],
  ]);
  expect(removed).toMatchObject([{ name: 'a.latents', bytes: 7 }]);
  await rm(root, { recursive: true });
});
