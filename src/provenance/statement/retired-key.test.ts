import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { Context } from '../../jobs/index.ts';
import { rotateKey, signingKeyId } from '../../trust/index.ts';
import { retireSigner } from '../retire-key.ts';
import { fillAccounts } from './accounts.test-support.ts';
import { verifyStatement, writeStatements } from './statement.ts';
import { verifiedWords } from './words.ts';

const before = process.env.BACKLOT_KEYS;
let context: Context;
let close: () => Promise<void>;
let keys: string;
beforeAll(async () => {
  ({ context, close } = await testContext());
  keys = `${context.paths.root}-keys`;
  process.env.BACKLOT_KEYS = keys;
  await fillAccounts(context);
});
afterAll(async () => {
  process.env.BACKLOT_KEYS = before;
  await close();
  await rm(keys, { recursive: true, force: true });
});

const at = (name: string) => join(context.paths.root, name);
const written = (to: string) =>
  writeStatements(context, { from: '2026-01-01', until: '2026-01-31', to: at(to) });
let key: string;

it('a statement comes out the same after the key was retired that permitted its trainings, and a new one counts them', async () => {
  const { summary } = await written('one');
  key = await signingKeyId();
  await rotateKey();
  await retireSigner(context, { key, stolen: false });
  for (const name of ['summary', 'participant-ann', 'participant-studio'])
    expect(await verifyStatement(context, at(`one/${name}.json`))).toMatchObject({
      matches: true,
      unbelieved: [],
    });
  expect((await written('two')).summary.trainings).toEqual(summary.trainings);
});

it('after the key was stolen they are not counted, and both name the key and what would count them', async () => {
  await retireSigner(context, { key, stolen: true });
  const { summary } = await written('three');
  expect(summary.trainings).toEqual([]);
  expect(summary.notKnown.join()).toMatch(
    new RegExp(`signed by key ${key}, which is not believed here.*provenance retire-key ${key}`),
  );
  const found = await verifyStatement(context, at('one/participant-ann.json'));
  expect(found.matches).toBe(false);
  expect(verifiedWords(found)).toContain(`signed by key ${key}, which is not believed here`);
  const again = await verifyStatement(context, at('three/summary.json'));
  expect(again).toMatchObject({ matches: true });
  expect(await readFile(at('three/summary.json'), 'utf8')).not.toContain(context.paths.root);
});
