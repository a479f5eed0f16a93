import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { type Context, type JobDraft, keepModel, registerBase } from '../jobs/index.ts';
import { cardOf } from './card.ts';
import { cardWords } from './card-words.ts';
import { importAdapter } from './exchange.ts';
import { declareOrigin, originsOf } from './origin.ts';

const said = { maker: 'Example Labs', licence: 'Apache-2.0', learnedFrom: 'stills that the makers drew' };
let context: Context;
let close: () => Promise<void>;
let runs = 0;

/** Stands in for Python: each import is another adapter. */
async function run(draft: JobDraft) {
  runs++;
  const directory = join(context.paths.runs, draft.kind);
  await mkdir(directory, { recursive: true });
  const result = { model: { path: 'adapter', sha256: String(runs).repeat(64) } };
  const outcome = { status: 'succeeded' as const, result };
  return { id: `run_${runs}`, directory, outcome, reused: false, notices: [], mustStand: async () => {} };
}

const file = () => join(context.paths.root, 'given.safetensors');

beforeAll(async () => {
  ({ context, close } = await testContext({ engine: { run } }));
  await writeFile(file(), 'tensors');
}, 60_000);
afterAll(() => close());

it('an import keeps who made the adapter, under which licence and from what, on whose word and when', async () => {
  const { id, origin } = await importAdapter(context, { file: file(), ...said });
  expect(origin).toMatchObject({ ...said, who: 'test' });
  expect(await originsOf(context.db, [id])).toEqual(new Map([[id, origin]]));
  expect((await actsIn(context.db)).at(-1)).toEqual({ who: 'test', what: 'model.declare', subject: id });
});

it('an import is an act of its own in the audit log, and no training, each time', async () => {
  const before = (await actsIn(context.db)).length;
  const first = await importAdapter(context, { file: file() });
  runs--;
  expect((await importAdapter(context, { file: file() })).id).toBe(first.id);
  const act = { who: 'test', what: 'adapter.import', subject: first.id };
  expect((await actsIn(context.db)).slice(before)).toEqual([act, act]);
});

it('the card of such an adapter says so, as declared and not proved', async () => {
  const { origin: _, ...model } = await importAdapter(context, { file: file(), ...said });
  const words = cardWords(await cardOf(context, model));
  expect(words).toContain(
    'learned from (declared, not proved): stills that the makers drew; made by Example Labs',
  );
  expect(words).not.toContain('Not known here: it was trained outside');
});

it('what is half said is refused before anything is imported', async () => {
  const before = runs;
  const half = importAdapter(context, { file: file(), maker: 'Example Labs' });
  await expect(half).rejects.toMatchObject({ code: 'bad-input' });
  await expect(half).rejects.toThrow('--licence, --learned-from');
  expect(runs).toBe(before);
});

it('of a model that came without a word it can be said later, and anew: the newest holds and none is lost', async () => {
  const { id, origin } = await importAdapter(context, { file: file() });
  expect(origin).toBeNull();
  await declareOrigin(context, { model: id, ...said });
  await declareOrigin(context, { model: id, ...said, licence: 'a letter of 3 May' });
  expect((await originsOf(context.db, [id])).get(id)?.licence).toBe('a letter of 3 May');
  expect((await context.db.select().from(tables.trainOrigins)).map(({ modelId }) => modelId)).toContain(id);
});

it('what learned here, or came with Backlot, needs nobody to say so', async () => {
  const { id: base } = await registerBase(context);
  const own = { id: 'mdl_own', name: 'own', kind: 'adapter', path: '/m', sha256: 'a'.repeat(64) };
  await keepModel(context, { ...own, baseId: base, snapshotId: 'dst_1', runId: 'run_1', record: {} });
  for (const model of [base, 'mdl_own'])
    await expect(declareOrigin(context, { model, ...said })).rejects.toMatchObject({ code: 'origin-known' });
  await expect(declareOrigin(context, { model: 'mdl_none', ...said })).rejects.toMatchObject({
    code: 'no-such-model',
  });
});

it('a folder in the place of an exported adapter is refused in words', async () => {
  const taken = importAdapter(context, { file: context.paths.runs, ...said });
  await expect(taken).rejects.toMatchObject({
    code: 'no-such-file',
    message: expect.stringContaining('.safetensors'),
  });
});
