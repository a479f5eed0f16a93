import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Job, type Seal, targetsOf } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { importLedger, type LedgerFile } from '../rights/index.ts';
import { clearedSnapshots, readSeal, writeSeal } from '../trust/index.ts';
import { canonicalJson } from './canonical.ts';
import { clearSnapshot } from './clear.ts';
import { exportSnapshot } from './export.ts';
import { exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import { operations } from './operations.ts';
import type { Snapshot, SnapshotRecord } from './schema.ts';
import { describeSnapshot } from './show.ts';
import { getSnapshot } from './store.ts';
import { asked, ledgerOf, studio } from './studio.test-support.ts';
import { verifySnapshot } from './verify.ts';

let one: Awaited<ReturnType<typeof studio>>;
beforeAll(async () => {
  one = await studio();
  await importing([]);
}, 120_000);
afterAll(() => one.close());

/** Captions of the studio read "Brinka waits 2": all of them name Nia, those of two shots Tom too. */
const parties = [
  { id: 'nia', kind: 'person' as const, name: 'Nia Okafor', aliases: ['Brinka'] },
  { id: 'tom', kind: 'person' as const, name: 'Waits 2' },
];
const agreed = (party: string) => ({
  ...{ id: `${party}-agreed`, party, answer: 'given' as const, titles: ['alpha', 'beta'] },
  ...{ territories: ['world'], uses: ['train.performer' as const] },
  ...{ described: 'a double', separatelySigned: true },
});

async function importing(more: NonNullable<LedgerFile['consents']>): Promise<void> {
  const ledger = JSON.parse(await readFile(ledgerOf(one.context), 'utf8'));
  const grants = ledger.grants.map((row: object) => ({ ...row, uses: ['train.style', 'train.performer'] }));
  const consents = [agreed('nia'), agreed('tom'), ...more];
  const path = join(one.context.paths.root, 'people.json');
  const parts = { parties: [...ledger.parties, ...parties], grants, consents };
  await writeFile(path, JSON.stringify({ ...ledger, ...parts }));
  await importLedger(one.context, path);
}

const frozenFor = (...performers: string[]): Promise<Snapshot> =>
  freeze(one.context, { ...asked, clipsPerShot: 1, performers });
const captionsOf = ({ path }: Snapshot) => readFile(join(path, 'manifest.jsonl'), 'utf8');

/** What the permit of an adapter's training would list. */
const permitted = ({ path, digest }: Snapshot) =>
  clearedSnapshots(
    { kind: 'train', method: 'lora', dataset: { path, digest } } as Job,
    (dataset, seal, use) => clearSnapshot(one.context, dataset, seal, use),
  );

it('a shot whose caption names two who consent gives a clip of a dataset frozen for both, and of none for one', async () => {
  const nias = await frozenFor('nia');
  expect(nias.alarms).toEqual([expect.objectContaining({ message: expect.stringContaining('parties/tom') })]);
  expect(await captionsOf(nias)).not.toContain('waits 2');
  const theirs = await frozenFor('tom', 'nia');
  expect(theirs.options.performers).toEqual(['nia', 'tom']);
  expect(describeSnapshot(theirs)).toContain('rights for train.style and replicas of nia and tom as of');
  expect(await captionsOf(theirs)).toContain('Brinka waits 2');
  expect(await permitted(theirs)).toMatchObject([{ use: 'train.style', performers: ['nia', 'tom'] }]);
  expect((await readSeal(theirs)).seal.performers).toEqual(['nia', 'tom']);
});

it('an export is decided anew for others than it was frozen for, and says for whom it left', async () => {
  const theirs = await frozenFor('nia', 'tom');
  const to = (name: string) => join(one.context.paths.root, name);
  const exporting = (name: string, ...performers: string[]) =>
    exportSnapshot(one.context, exportInputSchema.parse({ to: to(name), snapshot: theirs.id, performers }));
  await expect(exporting('for-nia', 'nia')).rejects.toThrow('Waits 2 (parties/tom)');
  await exporting('for-both', 'tom', 'nia');
  const { seal } = await readSeal({ path: to('for-both'), digest: theirs.digest });
  expect(targetsOf(seal)).toEqual(['nia', 'tom']);
});

let earlier: Snapshot;
it('a dataset that an earlier version froze for one performer still verifies, is decided and permitted for that one', async () => {
  const { id, path } = await frozenFor('nia');
  const { db } = one.context;
  const of = eq(tables.datasetSnapshots.id, id);
  const [row] = await db.select().from(tables.datasetSnapshots).where(of);
  const now = row?.record as SnapshotRecord;
  const { performers: _, ...options } = now.options;
  const record = { ...now, options: { ...options, performer: 'nia' } };
  await db.update(tables.datasetSnapshots).set({ record }).where(of);
  await writeFile(join(path, 'snapshot.json'), `${canonicalJson(record)}\n`);
  const { performers: __, record: ___, ...said } = (await readSeal(await getSnapshot(db, id))).seal;
  await writeSeal(path, { ...said, performer: 'nia' } as Seal);
  earlier = await getSnapshot(db, id);
  expect(await verifySnapshot(earlier)).toMatchObject({ whole: true });
  expect(targetsOf(earlier.options)).toEqual(['nia']);
  expect(await permitted(earlier)).toMatchObject([{ performers: ['nia'] }]);
});

it('where one of them refuses, shots stay out, and what was frozen before trains no more, told by name', async () => {
  const theirs = await frozenFor('nia', 'tom');
  const no = (party: string) => ({ ...agreed(party), id: `${party}-no`, answer: 'refused' as const });
  await importing([{ ...no('tom'), titles: ['alpha'] }]);
  await expect(permitted(theirs)).rejects.toThrow('consent_refused (consents/tom-no): tom refused');
  const left = await frozenFor('nia', 'tom');
  expect(left.rights.reasons).toMatchObject({ consent_refused: 5 });
  expect(left.titles.map(({ name }) => name)).toEqual(['beta']);
  await permitted(earlier);
  await importing([{ ...no('tom'), titles: ['alpha'] }, no('nia')]);
  await expect(permitted(earlier)).rejects.toThrow('consent_refused (consents/nia-no): nia refused');
});

it('a job that an earlier version left names one performer, and goes on for that one', () => {
  for (const name of ['dataset.freeze', 'dataset.export']) {
    const operation = operations.find((each) => each.name === name);
    const place = name === 'dataset.export' ? { to: '/exports' } : {};
    expect(operation?.input.parse({ ...place, performer: 'nia' })).toMatchObject({ performers: ['nia'] });
  }
});
