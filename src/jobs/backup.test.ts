import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import type { Context } from './context.ts';
import { operations } from './operations.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

test('a backup is a row of the audit log; one that could not be written is none', async () => {
  const backup = operations.find(({ name }) => name === 'workspace.backup');
  const [file, taken] = ['one.tar.gz', 'taken'].map((name) => join(context.paths.root, name));
  await writeFile(String(taken), '');
  await backup?.handler(context, { file });
  await expect(backup?.handler(context, { file: taken })).rejects.toMatchObject({ code: 'file-exists' });
  expect(await actsIn(context.db)).toEqual([{ who: 'test', what: 'workspace.backup', subject: file }]);
});
