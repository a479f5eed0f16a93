import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { clearDrawing, clearTakesGiven, takesBehind } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { revoke } from '../rights/index.ts';
import { openOf } from './open.ts';
import { addGivenTake, addTakeGiven, fillWorkspace, hashOf } from './withdrawn.test-support.ts';
import { cutWords } from './words.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
});
afterAll(() => close());

const drawing = (...models: string[]) =>
  clearDrawing(
    context.db,
    models.map((id) => ({ sha256: hashOf(id) })),
  );
const withdrawing = (target: object) =>
  revoke(context, { territory: 'world', dryRun: false, ...target }, new Date().toISOString());

it('takes are drawn where the ledger permits sketches, or what includes them, of all that the models learned from', async () => {
  await drawing('mdl_base', 'mdl_harbour', 'mdl_quarry', 'mdl_heir');
});

it('once the consent to takes is withdrawn, no model that learned from the person draws any, nor one made from it', async () => {
  await withdrawing({ consent: 'ann-takes' });
  for (const model of ['mdl_quarry', 'mdl_heir'])
    await expect(drawing('mdl_base', model)).rejects.toMatchObject({
      code: 'not-cleared',
      message: expect.stringMatching(/generate\.previz in world.*1 of [24] .*consents\/ann-takes/),
    });
  await drawing('mdl_base', 'mdl_harbour');
});

it('of takes in a cut those are told that could not be drawn any more, each with why', async () => {
  await addGivenTake(context, 'tak_given', 'harbour.mp4');
  const open = await openOf(context, ['tak_base', 'tak_harbour', 'tak_mixed', 'tak_quarry', 'tak_given']);
  expect(open.map(({ take }) => take)).toEqual(['tak_mixed', 'tak_quarry', 'tak_given']);
  expect(open[1]?.why).toMatch(/^not-cleared: 1 of 2 .*consents\/ann-takes/);
  expect(cutWords({ to: 'a.otio', takes: ['tak_quarry'], frames: 17, open, notice: 'none' })).toMatch(
    /17 frames\nOpen: take tak_mixed could not be drawn as the ledger is now \(not-cleared/,
  );
});

it('nor is anything drawn from a take of such a model, or from a take that was drawn from one, whatever draws it', async () => {
  const { db } = context;
  await addTakeGiven(context, 'tak_onward', { path: '/t', sha256: hashOf('tak_quarry') });
  const from = async (...files: string[]) => clearTakesGiven(db, await takesBehind(db, files.map(hashOf)));
  await expect(from('tak_quarry')).rejects.toMatchObject({ code: 'not-cleared' });
  await expect(from('tak_onward')).rejects.toMatchObject({ code: 'not-cleared' });
  await from('tak_harbour', 'no take');
  await addTakeGiven(context, 'tak_lost', { path: '/t', sha256: '' }, 'mdl_gone');
  await expect(from('tak_lost')).rejects.toMatchObject({ code: 'origin-undeclared' });
});

it('a model that learned from a shot which is not catalogued any more draws nothing', async () => {
  await context.db.delete(tables.shotsShots);
  await expect(drawing('mdl_harbour')).rejects.toThrow('a shot is not in this workspace any more');
  await drawing('mdl_base');
});
