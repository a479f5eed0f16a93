import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { Context } from '../../jobs/index.ts';
import { addTake } from '../signed.test-support.ts';
import { listDeliveries } from './deliver.ts';
import { handOver } from './hand-over.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addTake(context, 'tak_1');
}, 120_000);
afterAll(() => close());

test('a folder that cannot have its name was never handed over: no delivery is recorded, and no act', async () => {
  const to = join(context.paths.root, 'sent');
  const fill = async (draft: string) => {
    await writeFile(join(draft, 'tak_1.mp4'), 'a take');
    return [{ id: 'tak_1', file: 'tak_1.mp4', sha256: 'a'.repeat(64), lineage: 'b'.repeat(64) }];
  };
  /** Somebody else puts a file there at the last moment. */
  const note = async () => {
    await mkdir(to);
    await writeFile(join(to, 'other.txt'), 'theirs');
  };
  const answered = {
    purpose: 'temp',
    recreates: 'no',
    productionData: 'no',
    secured: 'yes',
    replaces: 'no',
  } as const;
  await expect(handOver(context, answered, { takes: ['tak_1'], to, fill, note })).rejects.toThrow(
    /ENOTEMPTY/,
  );
  expect(await listDeliveries(context)).toEqual([]);
  expect(await readdir(context.paths.root)).not.toContainEqual(expect.stringMatching(/partial$/));
});

test('what a hand-over that was killed had laid out beside its folder goes with the next to that place, and nothing else', async () => {
  const to = join(context.paths.root, 'again');
  const draft = `${to}.01234567-89ab-cdef-0123-456789abcdef.partial`;
  for (const folder of [draft, `${to}.mine.partial`]) {
    await mkdir(folder);
    await writeFile(join(folder, 'tak_1.mp4'), 'a take');
    for (const path of [join(folder, 'tak_1.mp4'), folder]) await utimes(path, 0, 0);
  }
  const fill = async (into: string) => {
    await writeFile(join(into, 'tak_1.mp4'), 'a take');
    return [{ id: 'tak_1', file: 'tak_1.mp4', sha256: 'a'.repeat(64), lineage: 'b'.repeat(64) }];
  };
  const said = { recreates: 'no', productionData: 'no', secured: 'yes', replaces: 'no' } as const;
  await handOver(context, { purpose: 'temp', ...said }, { takes: ['tak_1'], to, fill });
  const names = await readdir(context.paths.root);
  expect(names.filter((name) => name.startsWith('again'))).toEqual(['again', 'again.mine.partial']);
});
