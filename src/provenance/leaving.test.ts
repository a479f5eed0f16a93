import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Job } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { clearJob } from './clear.ts';
import { fillWorkspace, hashOf } from './withdrawn.test-support.ts';

/** Adapters that leave for other programs, of which what they learned from is refused since, and nothing is withdrawn here. */

let context: Context;
let close: () => Promise<void>;
let held: Ledger;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  held = (await currentLedger(context.db))?.document as Ledger;
});
afterAll(() => close());

async function forbidding(row: object): Promise<void> {
  held = { ...held, restrictions: [...held.restrictions, row] as Ledger['restrictions'] };
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(held));
  await importLedger(context, path);
}

const input = (id: string) => ({ path: `/models/${id}`, sha256: hashOf(id) });
const exporting = (adapter: string, base = 'mdl_base') =>
  clearJob(context.db, {
    ...{ kind: 'export-adapter', base: input(base), adapter: input(adapter), style: 'comfyui' },
  } as unknown as Job);
const ban = (title: string, use: string) => ({
  ...{
    id: `no-${title}-${use}`,
    titles: [title],
    territories: ['world'],
    reason: 'the archive says no',
    uses: [use],
  },
});

it('an adapter leaves while all that it learned from is allowed for the training that it was', async () => {
  await forbidding(ban('quarry', 'train.foundation'));
  expect(await exporting('mdl_quarry')).toEqual([]);
  expect(await exporting('mdl_heir', 'mdl_whole')).toEqual([]);
});

it('it does not once what it was trained on top of is refused: others that did not learn from that leave still', async () => {
  await forbidding(ban('harbour', 'train.foundation'));
  await expect(exporting('mdl_heir', 'mdl_whole')).rejects.toThrow(/allowed for train\.foundation in world/);
  expect(await exporting('mdl_quarry')).toEqual([]);
});

it('nor once its own training is, and the error says by which row', async () => {
  await forbidding(ban('quarry', 'train.style'));
  await expect(exporting('mdl_quarry')).rejects.toMatchObject({
    code: 'not-cleared',
    message: expect.stringMatching(/train\.style in world.*2 of 2 .*restrictions\/no-quarry-train\.style/),
  });
  expect(await exporting('mdl_harbour')).toEqual([]);
});

it('nor one whose dataset is not here any more: nobody can say what it learned from', async () => {
  const [row] = (await context.db.query.trainModels.findMany()).filter(({ id }) => id === 'mdl_harbour');
  const lost = { ...(row as NonNullable<typeof row>), id: 'mdl_lost', path: '/models/mdl_lost' };
  await context.db
    .insert(tables.trainModels)
    .values({ ...lost, sha256: hashOf('mdl_lost'), snapshotId: 'dst_gone' });
  await expect(exporting('mdl_lost')).rejects.toThrow(/dataset dst_gone of "mdl_harbour" is not/);
});
