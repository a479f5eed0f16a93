import { expect, test } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { emptyPrints, lastCopies, saveCopies, savePrints } from './store.ts';

const finder = 'bands';
const at = (shot: string) => ({ shot, in: 0, out: 24 });
const pair = (a: string, b: string) => ({ a: at(a), b: at(b), kinds: [], similarity: 1, speed: 1 });
const pairsIn = (copies: Awaited<ReturnType<typeof lastCopies>>) => copies.map(({ a, b }) => a.shot + b.shot);

test('once the pictures of a shot are removed, its copies stay known, and those of others are sought anew', async () => {
  const { context, close } = await testContext();
  const { db } = context;
  const grids = new Uint8Array(336);
  await savePrints(
    db,
    ['a', 'b', 'c'].map((shot) => ({ shot, file: 'f', first: 0, grids })),
  );
  await saveCopies(db, { mark: 'first', finder }, [pair('a', 'b'), pair('b', 'c')]);
  await emptyPrints(db, ['a']);
  await saveCopies(db, { mark: 'second', finder }, []);
  expect(pairsIn(await lastCopies(db))).toEqual(['ab']);
  expect(pairsIn(await lastCopies(db, 'c'))).toEqual([]);
  await close();
});
