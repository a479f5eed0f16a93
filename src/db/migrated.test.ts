import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { closeDb, type Db, openInMemory, tables } from './index.ts';

const migration = (name: string): Promise<string> =>
  readFile(new URL(`./migrations/${name}.sql`, import.meta.url), 'utf8');

/** The key that an earlier version had: one row for a thing, whatever withdrawals reached it. */
const earlierKey = `
  ALTER TABLE provenance_blocks DROP CONSTRAINT provenance_blocks_kind_id_withdrawal_pk;
  ALTER TABLE provenance_blocks ADD CONSTRAINT provenance_blocks_kind_id_pk PRIMARY KEY (kind, id);`;

it('what an earlier version blocked stays blocked, and may be blocked by a further withdrawal', async () => {
  const db = await openInMemory();
  await db.$client.exec(earlierKey);
  const row = { kind: 'take', id: 'tak_1', withdrawal: 'titles/a', via: 'mdl_1' };
  await db.insert(tables.provenanceBlocks).values(row);
  await db.$client.exec(await migration('0024_blocks_by_withdrawal'));
  await db.insert(tables.provenanceBlocks).values({ ...row, withdrawal: 'titles/b' });
  const rows = await db.select().from(tables.provenanceBlocks);
  expect(rows).toMatchObject([row, { ...row, withdrawal: 'titles/b' }]);
  await closeDb(db);
});

const addEarlierTake = (db: Db, id: string, briefId: string, text: string) => {
  const files = { rawPath: '', rawSha256: '', videoPath: '', videoSha256: '' };
  const made = { id, briefId, brief: { id: briefId, text }, modelId: 'mdl_1', runId: 'run_1' };
  return db.insert(tables.generateTakes).values({ ...made, ...files, candidate: 0, seed: 1 });
};

it('takes that an earlier version drew of captions are marked; what people wrote is not', async () => {
  const db = await openInMemory();
  await db.$client.exec('DROP INDEX generate_takes_by_caption');
  const clip = { snapshotId: 'dst_1', titleId: 'ttl_1', split: 'heldout' };
  for (const n of [1, 2])
    await db
      .insert(tables.datasetClips)
      .values({ ...clip, clipId: `c${n}`, shotId: `sht_${n}`, caption: `pier ${n}` });
  await addEarlierTake(db, 'tak_1', '01-text', 'pier 1');
  await addEarlierTake(db, 'tak_2', '12-first', 'pier 2');
  await addEarlierTake(db, 'tak_person', 'my-pier', 'pier 1');
  await addEarlierTake(db, 'tak_others', '01-text', 'a person wrote this');
  await db.$client.exec(await migration('0025_takes_by_caption'));
  const rows = await db.select().from(tables.generateTakes).orderBy(tables.generateTakes.id);
  expect(rows.map(({ id, brief }) => [id, (brief as { caption?: unknown }).caption])).toEqual([
    ['tak_1', { dataset: 'dst_1', shot: 'sht_1' }],
    ['tak_2', { dataset: 'dst_1', shot: 'sht_2' }],
    ...[
      ['tak_others', undefined],
      ['tak_person', undefined],
    ],
  ]);
  await closeDb(db);
});
