import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { generate } from './generate.ts';
import { prepare } from './prepare.ts';
import { briefSchema } from './schema.ts';

let context: Context;
let close: () => Promise<void>;
let base: string;

beforeAll(async () => {
  ({ context, close } = await testContext());
  base = (await registerBase(context)).id;
  const row = { kind: 'adapter', path: '/adapter', sha256: 'a'.repeat(64), record: {} };
  await context.db.insert(tables.trainModels).values([
    { ...row, id: 'mdl_harbour', name: 'harbour', baseId: base },
    { ...row, id: 'mdl_ann', name: 'Ann', baseId: base },
    { ...row, id: 'mdl_other', name: 'other', baseId: 'mdl_elsewhere' },
  ]);
}, 60_000);
afterAll(() => close());

const brief = (id: string, more: object = {}) => briefSchema.parse({ id, text: 'a fox', ...more });

it('several adapters reach the engine each with its weight, in the order of the brief', async () => {
  const adapters = [{ id: 'mdl_harbour' }, { id: 'mdl_ann', weight: 0.4 }];
  const [ready] = await prepare(context, { briefs: [brief('a', { adapters })] });
  expect(ready?.adapters.map(({ weight }) => weight)).toEqual([1, 0.4]);
  expect(ready?.shownAs).toBe(base);
});

it("of several adapters the one of another base is refused by name, and so is a base in an adapter's place", async () => {
  const wish = (id: string) => ({ briefs: [brief('a', { adapters: [{ id: 'mdl_harbour' }, { id }] })] });
  for (const id of ['mdl_other', base])
    await expect(generate(context, wish(id))).rejects.toMatchObject({
      code: 'adapter-mismatch',
      facts: { where: `adapter ${id}`, expected: `an adapter of ${base} (base)` },
    });
});

it('an adapter alone is no model', async () => {
  const wish = { briefs: [brief('a')], model: 'mdl_harbour' };
  await expect(generate(context, wish)).rejects.toMatchObject({ code: 'model-unfit' });
});

it('a file that one brief lacks stops all of them before the first is drawn', async () => {
  const missing = join(context.paths.root, 'gone.png');
  const adapters = [{ id: 'mdl_harbour' }];
  const briefs = [brief('a'), brief('b', { mode: 'first', first: missing, adapters })];
  await expect(generate(context, { briefs })).rejects.toMatchObject({ facts: { where: missing } });
});
