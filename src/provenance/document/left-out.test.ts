import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { SnapshotRecord } from '../../dataset/index.ts';
import { tables } from '../../db/index.ts';
import { type Context, EARLIER_BASES } from '../../jobs/index.ts';
import { fillDocumented, written } from './documented.test-support.ts';

let context: Context;
let close: () => Promise<void>;
const california = async (folder: string) =>
  (await written(context, 'ab-2013', 'studio', undefined, folder)).lines;
const summary = async (folder: string) =>
  (await written(context, 'eu-summary', 'studio', undefined, folder)).lines;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillDocumented(context);
});
afterAll(() => close());

describe('nothing that was used is left out', () => {
  it('neither clips that were held out, nor who owns their films', async () => {
    const { datasetClips } = tables;
    await context.db
      .update(datasetClips)
      .set({ split: 'heldout' })
      .where(eq(datasetClips.titleId, 'ttl_quarry'));
    const lines = await california('held out');
    expect(lines.get('(a)(1)')).toContain('quarry: House of *Quarry*, 100%; granted by g-quarry');
    expect(lines.get('(a)(3)')?.[0]).toContain('of 2 shots');
    expect(lines.get('(a)(5)')).toContain('Things of others that the ledger names in the films: music 1.');
  });

  it('nor what was done to the clips, and for what', async () => {
    const told = (await california('purposes')).get('(a)(9)')?.join('\n');
    expect(told).toContain('so that no borders and no wrong shapes are learned');
    expect(told).toContain('each clip was learned mirrored too');
  });

  it('nor what a base from elsewhere had, of which each item is open', async () => {
    const lines = await california('outside');
    for (const item of ['3', '5', '7', '8', '10'])
      expect(lines.get(`(a)(${item})`)?.join('\n')).toMatch(/Not known here: .*of what base "open base"/);
  });

  it('nor captions that a model wrote, which are no No under synthetic data', async () => {
    const [row] = await context.db.select().from(tables.datasetSnapshots);
    const record = { ...(row?.record as SnapshotRecord), captions: { model: 2 } };
    await context.db.update(tables.datasetSnapshots).set({ record });
    expect((await summary('unnamed writer')).get('2.5')?.join('\n')).toMatch(
      /Yes, as text.*\n.*\nNot known here: which model wrote captions of dataset dst_1/,
    );
    const said = { shotId: 'sht_harbour-0', fileId: 'fil_1', caption: 'a pier', who: 'ada' };
    await context.db.insert(tables.datasetCaptions).values({ ...said, source: 'model', model: 'seer-1' });
    const told = 'Captions of 2 clips of dataset dst_1 were written by a model, by seer-1';
    expect((await summary('writer')).get('2.5')?.join('\n')).toContain(told);
    expect((await california('writer')).get('(a)(12)')?.join('\n')).toContain(told);
  });

  it('nor a base that came with an earlier Backlot', async () => {
    const [sha256 = ''] = EARLIER_BASES.keys();
    await context.db.update(tables.trainModels).set({ sha256 }).where(eq(tables.trainModels.id, 'mdl_base'));
    const told = (await california('earlier base')).get('(a)(12)')?.[0];
    expect(told).toMatch(/came with Backlot; it was trained on worlds that a program rendered/);
  });
});
