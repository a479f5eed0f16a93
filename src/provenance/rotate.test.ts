import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import type { Context, Operation } from '../jobs/index.ts';
import { operations } from './operations.ts';

const before = process.env.BACKLOT_KEYS;
let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
  process.env.BACKLOT_KEYS = join(context.paths.root, 'own keys');
});
afterAll(async () => {
  process.env.BACKLOT_KEYS = before;
  await close();
});

const named = (wanted: string): Operation | undefined => operations.find(({ name }) => name === wanted);
const [rotate, retire] = [named('provenance.rotate-key'), named('provenance.retire-key')];

test('a new key, and one that is retired, is a row of the audit log of the workspace that is named, and needs none', async () => {
  const { root, db } = context.paths;
  expect(rotate?.needsWorkspace?.({}, root)).toBe(false);
  await rotate?.handler(context, {});
  expect(await actsIn(context.db)).toEqual([]);
  await mkdir(db);
  expect(rotate?.needsWorkspace?.({}, root)).toBe(true);
  const made = (await rotate?.handler(context, {})) as { signing: string; trusted: string[] };
  const act = { who: 'test', what: 'provenance.rotate-key', subject: made.signing };
  expect(await actsIn(context.db)).toEqual([act]);
  expect(made.trusted.filter((path) => path.includes(made.signing))).toHaveLength(1);
  const [old = ''] = made.trusted.filter((path) => !path.includes(made.signing));
  const key = basename(old, '.pem');
  const gone = await retire?.handler(context, { key, stolen: false });
  expect(gone).toMatchObject({ key, retired: [expect.stringContaining(key)], anew: [], aside: [] });
  expect(await actsIn(context.db)).toEqual([
    act,
    { who: 'test', what: 'provenance.retire-key', subject: key },
  ]);
});
