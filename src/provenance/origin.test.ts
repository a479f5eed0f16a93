import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { clearDrawing } from '../generate/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { declareOrigin, registerUpscaler } from '../train/index.ts';
import { readAnchors } from './anchors.ts';
import { deliver } from './delivery/deliver.ts';
import { addStudio } from './lineage.test-support.ts';
import { showTake } from './show.ts';
import { signTake } from './sign.ts';
import { verifyFile } from './verify.ts';
import { lineageWords } from './words.ts';

const said = { maker: 'Example Labs', licence: 'Apache-2.0', learnedFrom: 'stills that the makers drew' };
const sha256 = '7'.repeat(64);
let context: Context;
let close: () => Promise<void>;
let base: { id: string; sha256: string };

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addStudio(context);
  base = await registerBase(context);
  const given = { id: 'mdl_given', name: 'rain', kind: 'adapter', path: '/rain', sha256, record: {} };
  await context.db.insert(tables.trainModels).values({ ...given, baseId: base.id });
});
afterAll(() => close());

it('takes of an adapter from outside wait until somebody has said what it learned from', async () => {
  await clearDrawing(context.db, [base]);
  const drawing = clearDrawing(context.db, [base, { sha256 }]);
  await expect(drawing).rejects.toMatchObject({ code: 'origin-undeclared' });
  await expect(drawing).rejects.toThrow(/adapter "rain".*backlot model declare mdl_given --maker/);
  await declareOrigin(context, { model: 'mdl_given', ...said });
  await clearDrawing(context.db, [base, { sha256 }]);
});

it('takes of weights that this workspace does not know, or whose dataset is not here, wait too', async () => {
  await expect(clearDrawing(context.db, [{ sha256: '8'.repeat(64) }])).rejects.toMatchObject({
    code: 'origin-undeclared',
  });
  const lost = { id: 'mdl_lost', name: 'lost', kind: 'adapter', path: '/lost', sha256: '9'.repeat(64) };
  await context.db.insert(tables.trainModels).values({ ...lost, record: {}, snapshotId: 'dst_gone' });
  await expect(clearDrawing(context.db, [lost])).rejects.toThrow(/dst_gone/);
});

it("the word goes into each take's lineage and signed file, as declared and not proved", async () => {
  expect((await showTake(context, 'tak_2')).lineage.gaps.join(' ')).toContain(
    '"open base" was trained outside',
  );
  await declareOrigin(context, { model: 'mdl_base', ...said });
  const shown = await showTake(context, 'tak_2');
  expect(shown.lineage.models[0]).toMatchObject({ id: 'mdl_base', origin: { ...said, who: 'test' } });
  expect(shown.lineage.gaps.join(' ')).not.toContain('"open base" was trained outside');
  expect(lineageWords(shown)).toContain('learned from (declared, not proved): stills that the makers drew');
  const { signedPath } = await signTake(context, 'tak_2');
  const { words, lineages } = await verifyFile(signedPath, await readAnchors(context.paths.keys));
  expect(words.join(' ')).toMatch(
    /"open base" learned from is declared, not proved: stills that the makers drew/,
  );
  expect(JSON.stringify(lineages)).not.toContain('Example Labs');
});

it('of a take that models which came with Backlot made, crisp as people see it, nothing is unknown: it was no production, proved', async () => {
  const { generateTakes } = tables;
  const [take] = await context.db.select().from(generateTakes).where(eq(generateTakes.id, 'tak_2'));
  if (!take) throw new Error('no tak_2');
  const upscalerId = (await registerUpscaler(context)).id;
  const brief = { id: 'b2', text: 'a pier' };
  await context.db
    .insert(generateTakes)
    .values({ ...take, id: 'tak_crisp', brief, modelId: base.id, upscalerId });
  expect((await showTake(context, 'tak_crisp')).lineage.gaps).toEqual([]);
  const said = { purpose: 'temp', recreates: 'no', secured: 'yes', replaces: 'no' } as const;
  const to = join(context.paths.root, 'crisp');
  const { declaration } = await deliver(context, { takes: ['tak_crisp'], to, ...said });
  const answer = declaration.answers.find(({ question }) => question === 'productionData');
  expect(answer).toMatchObject({ answer: 'no', basis: 'proved' });
});
