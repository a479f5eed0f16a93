import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Context, defineOperation, type Operation } from './context.ts';
import { handleAlone } from './handle.ts';

const root = join(tmpdir(), 'backlot-nowhere');

function operation(answer: (context: Context) => unknown): Operation {
  return defineOperation({
    name: 'test.alone',
    summary: 'a test',
    example: 'test alone',
    input: z.strictObject({}),
    output: z.string(),
    needsWorkspace: () => false,
    handler: async (context) => String(answer(context)),
  }) as Operation;
}

test('an operation without a workspace still knows where its files would lie', async () => {
  const keys = operation(({ paths }) => paths.keys);
  expect(await handleAlone(keys, {}, () => {}, root)).toBe(join(root, 'keys'));
});

test('an operation that says it needs no workspace may not ask for the database', async () => {
  const db = operation((context) => context.db);
  await expect(handleAlone(db, {}, () => {}, root)).rejects.toThrow('test.alone asked for a workspace');
});
