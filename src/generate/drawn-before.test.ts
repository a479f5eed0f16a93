import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { refuseDrawnBefore } from './drawn-before.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  workspace = await testContext();
});
afterAll(() => workspace.close());

it('a brief that gives a blocked take once more is refused by its name, with what helps', async () => {
  const { db } = workspace.context;
  const takes = ['b1', 'b2'].map((briefId) => ({ id: `tak_${briefId}`, briefId }));
  await refuseDrawnBefore(db, takes);
  const block = { kind: 'take', id: 'tak_b2', via: 'mdl_1', withdrawal: 'consents/ann' };
  await db.insert(tables.provenanceBlocks).values(block);
  await expect(refuseDrawnBefore(db, takes)).rejects.toMatchObject({
    code: 'blocked',
    message: expect.stringMatching(/brief b2: .*tak_b2, .*consents\/ann.*another seed/),
  });
});
