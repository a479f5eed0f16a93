import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { removalsSchema } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { readSigned } from '../trust/index.ts';
import { withdraw } from './withdraw.ts';
import { fillWorkspace } from './withdrawn.test-support.ts';

/** What a permission to train let lie about beside the clips themselves. */

const frames = 'takes/given/frames.rgb';
const stopped = ['runs/run_stopped/texts.json', 'runs/run_stopped.attempt-1/texts.json'];
/** Of a run whose takes are recorded: people wrote its briefs. */
const written = 'runs/run_2/texts.json';

let context: Context;
let close: () => Promise<void>;
let removed: string[];

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  for (const name of [frames, ...stopped, written]) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), '["a pier"]\n');
  }
  const { record } = await withdraw(context, { territory: 'world', dryRun: false, grant: 'g-quarry' });
  const text = await readFile(record ?? '', 'utf8');
  const said = await readSigned(text, 'application/vnd.backlot.deletion+json', record ?? '');
  removed = removalsSchema.parse(said).removed.map(({ name }) => name);
});
afterAll(() => close());

const at = (name: string) => join(context.paths.root, name);

it('first frames of withdrawn clips go as the engine was given them too, and not as pictures alone', () => {
  expect([existsSync(at(frames)), removed.includes(frames)]).toEqual([false, true]);
});

it('captions go that were the words of a run which was stopped or failed before any take was recorded', () => {
  for (const name of stopped) expect([existsSync(at(name)), removed.includes(name)]).toEqual([false, true]);
  expect([existsSync(at(written)), removed.includes(written)]).toEqual([true, false]);
});
