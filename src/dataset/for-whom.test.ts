import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '../db/index.ts';
import { importLedger } from '../rights/index.ts';
import { readSeal } from '../trust/index.ts';
import { clearSnapshot } from './clear.ts';
import { exportSnapshot } from './export.ts';
import { exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import type { Snapshot } from './schema.ts';
import { asked, ledgerOf, studio } from './studio.test-support.ts';

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
  snapshot = await freeze(one.context, { ...asked, clipsPerShot: 1 });
}, 120_000);
afterAll(() => one.close());

const folderOf = (name: string) => join(one.context.paths.root, 'exports', name);

describe('for somebody else than whom it was frozen for', () => {
  /** The studio's ledger, its grant to these trainers. */
  const grantedTo = async (...trainers: string[]) => {
    const ledger = JSON.parse(await readFile(ledgerOf(one.context), 'utf8'));
    const grants = ledger.grants.map((grant: object) => ({ ...grant, trainers }));
    const path = join(one.context.paths.root, `${trainers.join()}.json`);
    await writeFile(path, JSON.stringify({ ...ledger, grants }));
    await importLedger(one.context, path);
  };
  const toVendor = (name: string) =>
    exportSnapshot(one.context, exportInputSchema.parse({ to: folderOf(name), trainer: 'vendor' }));

  it('an export is decided anew: a vendor gets nothing that was granted for training in-house', async () => {
    await expect(toVendor('vendor')).rejects.toMatchObject({ code: 'not-cleared' });
    await expect(toVendor('vendor')).rejects.toThrow('train.style, vendor');
    await expect(readdir(folderOf('vendor'))).rejects.toThrow();
  });

  it('what a vendor may have goes out under a seal for the vendor, and the snapshot keeps its own', async () => {
    await grantedTo('in-house', 'vendor');
    await toVendor('vendor');
    const { digest } = snapshot;
    expect((await readSeal({ path: folderOf('vendor'), digest })).seal).toMatchObject({ trainer: 'vendor' });
    expect((await readSeal(snapshot)).seal).toMatchObject({ trainer: 'in-house', model: null });
    const { provenanceAudit: audit } = tables;
    const [act] = await one.context.db.select().from(audit).orderBy(desc(audit.seq)).limit(1);
    expect(act).toMatchObject({ what: 'dataset.export', details: { trainer: 'vendor', model: null } });
  });

  it('nothing is frozen for training on a performer whom nobody names', async () => {
    await expect(freeze(one.context, { ...asked, use: 'train.performer' })).rejects.toMatchObject({
      code: 'performer-missing',
    });
  });

  it('a snapshot is frozen for trainer, model and performer, and these are asked again before each run', async () => {
    const wish = { ...asked, clipsPerShot: 1 };
    const frozen = await freeze(one.context, { ...wish, trainer: 'vendor', model: 'house style' });
    const { seal } = await readSeal(frozen);
    expect(seal).toMatchObject({ trainer: 'vendor', model: 'house style', performer: null });
    await clearSnapshot(one.context, frozen, seal);
    await grantedTo('in-house');
    await expect(clearSnapshot(one.context, frozen, seal)).rejects.toMatchObject({ code: 'not-cleared' });
    const nothing = { code: 'nothing-cleared' };
    await expect(freeze(one.context, { ...wish, trainer: 'vendor' })).rejects.toMatchObject(nothing);
    await expect(freeze(one.context, { ...wish, performer: 'nia' })).rejects.toMatchObject(nothing);
  });
});
