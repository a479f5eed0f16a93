import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { backup } from './backup.ts';
import type { Context } from './context.ts';
import { operations } from './operations.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

test('a backup is a row of the audit log; one that could not be written is none', async () => {
  const operation = operations.find(({ name }) => name === 'workspace.backup');
  const [file, taken] = ['one.tar.gz', 'taken'].map((name) => join(context.paths.root, name));
  await writeFile(String(taken), '');
  await operation?.handler(context, { file });
  await expect(operation?.handler(context, { file: taken })).rejects.toMatchObject({ code: 'file-exists' });
  expect(await actsIn(context.db)).toEqual([{ who: 'test', what: 'workspace.backup', subject: file }]);
});

test('a backup is readable by its owner alone, as it holds what a closed workspace holds', async () => {
  const file = join(context.paths.root, 'closed.tar.gz');
  await backup(context, file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
