import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BacklotError, type Progress } from '../contract/index.ts';
import { freeze } from '../dataset/index.ts';
import { searchShots } from '../dataset/search.ts';
import { searchInputSchema } from '../dataset/search-schema.ts';
import { ledgerOf, studio } from '../dataset/studio.test-support.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { listShots, picturesAgain, purgePictures } from '../shots/index.ts';
import { withdraw } from './withdraw.ts';

/** Pictures of films that are permitted anew after a withdrawal had removed them. */

let one: Awaited<ReturnType<typeof studio>>;
beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
  await withdraw(one.context, { territory: 'world', dryRun: false, grant: 'g1' });
}, 240_000);
afterAll(() => one.close());

const pictured = async () =>
  (await listShots(one.context.db)).filter(({ thumbnail }) => thumbnail !== null && existsSync(thumbnail));
const like = (shot: string) => searchShots(one.context, searchInputSchema.parse({ like: shot }));

it('thumbnails come back with the next freeze, of what it may use and of nothing else, and shots like one are found', async () => {
  const granted = new Set((await pictured()).map(({ fileId }) => fileId));
  expect(granted.size).toBe(1);
  const [gone] = (await listShots(one.context.db)).filter(({ thumbnail }) => thumbnail === null);
  await expect(like(gone?.id ?? '')).rejects.toMatchObject({ code: 'no-picture' });
  const held = (await currentLedger(one.context.db))?.document as Ledger;
  const [{ withdrawn: _, ...grant }] = held.grants as [Ledger['grants'][number]];
  const anew = join(one.context.paths.root, 'anew.json');
  const grants = [...held.grants, { ...grant, id: 'g2', titles: ['alpha'] }];
  await writeFile(anew, JSON.stringify({ ...held, grants }));
  await importLedger(one.context, anew);
  await freeze(one.context, { width: 96, height: 64 });
  const shots = (await listShots(one.context.db)).filter(({ fileId }) => fileId === gone?.fileId);
  expect(shots).toHaveLength(5);
  const now = (await pictured()).map(({ id }) => id);
  expect(now.filter((id) => shots.some((shot) => shot.id === id))).toHaveLength(5);
  expect(now).toHaveLength(6);
  expect((await like(gone?.id ?? '')).shots.length).toBeGreaterThan(0);
});

it('once the ledger is another than the shots were chosen by no more films are decoded, which is told once', async () => {
  const shots = new Set((await listShots(one.context.db)).map(({ id }) => id));
  await purgePictures(one.context, [...shots]);
  const notices: string[] = [];
  const report = ({ notice }: Progress) => notices.push(...(notice ? [notice] : []));
  await picturesAgain({ ...one.context, report }, shots, async () => {
    throw new BacklotError('not-cleared', {
      expected: 'the same ledger',
      where: '-',
      found: '-',
      remedy: '-',
    });
  });
  expect(notices).toEqual([expect.stringMatching(/ and the films after it: thumbnails .*the same ledger/)]);
  expect(await pictured()).toEqual([]);
});
