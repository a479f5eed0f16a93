import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { clearDrawing } from '../generate/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { declareOrigin } from '../train/index.ts';
import { readAnchors } from './anchors.ts';
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
  await clearDrawing(context.db, [base.sha256]);
  const drawing = clearDrawing(context.db, [base.sha256, sha256]);
  await expect(drawing).rejects.toMatchObject({ code: 'origin-undeclared' });
  await expect(drawing).rejects.toThrow(/adapter "rain".*backlot model declare mdl_given --maker/);
  await declareOrigin(context, { model: 'mdl_given', ...said });
  await clearDrawing(context.db, [base.sha256, sha256]);
});

it('takes of weights that this workspace does not know, or whose dataset is not here, wait too', async () => {
  await expect(clearDrawing(context.db, ['8'.repeat(64)])).rejects.toMatchObject({
    code: 'origin-undeclared',
  });
  const lost = { id: 'mdl_lost', name: 'lost', kind: 'adapter', path: '/lost', sha256: '9'.repeat(64) };
  await context.db.insert(tables.trainModels).values({ ...lost, record: {}, snapshotId: 'dst_gone' });
  await expect(clearDrawing(context.db, [lost.sha256])).rejects.toThrow(/dst_gone/);
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
  const { words, lineage } = await verifyFile(signedPath, await readAnchors(context.paths.keys));
  expect(words.join(' ')).toMatch(
    /"open base" learned from is declared, not proved: stills that the makers drew/,
  );
  expect(JSON.stringify(lineage)).not.toContain('Example Labs');
});
