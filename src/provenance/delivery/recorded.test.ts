import { mkdir, readdir, writeFile } from 'node:fs/promises';
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
