import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '../db/index.ts';
import { importLedger, type LedgerFile } from '../rights/index.ts';
import { readSeal } from '../trust/index.ts';
import { clearSnapshot } from './clear.ts';
import { exportSnapshot } from './export.ts';
import { exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import type { FreezeInput, Snapshot } from './schema.ts';
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
    await expect(toVendor('vendor')).rejects.toMatchObject({
      code: 'not-cleared',
      message: expect.stringContaining(
        'Freeze the dataset again with --use train.style --territory world --trainer vendor',
      ),
    });
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
    expect(seal).toMatchObject({ trainer: 'vendor', model: 'house style', performers: [] });
    await clearSnapshot(one.context, frozen, seal);
    await grantedTo('in-house');
    await expect(clearSnapshot(one.context, frozen, seal)).rejects.toMatchObject({ code: 'not-cleared' });
    const nothing = { code: 'nothing-cleared' };
    await expect(freeze(one.context, { ...wish, trainer: 'vendor' })).rejects.toMatchObject(nothing);
    await expect(freeze(one.context, { ...wish, performers: ['nia'] })).rejects.toMatchObject(nothing);
  });
});

describe('captions that name somebody', () => {
  /** Captions of the studio read "Brinka waits 0" and so on. */
  const nia = { id: 'nia', kind: 'person' as const, name: 'Nia Okafor' };

  const freezing = (more: FreezeInput = {}) => freeze(one.context, { ...asked, clipsPerShot: 1, ...more });

  /** Puts the studio's ledger in force with other rows. */
  async function importing(parts: Partial<LedgerFile>): Promise<void> {
    const ledger = JSON.parse(await readFile(ledgerOf(one.context), 'utf8'));
    const path = join(one.context.paths.root, 'named.json');
    const parties = [...ledger.parties, ...(parts.parties ?? [])];
    await writeFile(path, JSON.stringify({ ...ledger, ...parts, parties }));
    await importLedger(one.context, path);
  }

  const replicas = {
    grants: [
      {
        ...{ id: 'g1', grantor: 'studio', titles: ['alpha', 'beta'], territories: ['world'] },
        uses: ['train.style' as const, 'train.performer' as const],
      },
    ],
    consents: [
      {
        ...{
          id: 'c1',
          party: 'nia',
          answer: 'given' as const,
          titles: ['alpha', 'beta'],
          territories: ['world'],
        },
        ...{ uses: ['train.performer' as const], described: 'a double', separatelySigned: true },
      },
    ],
  };

  it('shots whose captions name somebody of the ledger are left out, counted and told by name', async () => {
    await importing({ parties: [{ ...nia, aliases: ['Waits 4'] }] });
    const { skipped, alarms, path } = await freezing();
    expect(skipped.shots).toEqual({ names_performer: 1, copy: 1 });
    expect(alarms).toEqual([
      {
        ...{ rule: 'caption-names-performer', shots: 1 },
        message: expect.stringContaining('the captions of 1 shots name Nia Okafor (parties/nia): left out'),
      },
    ]);
    expect(await readFile(join(path, 'manifest.jsonl'), 'utf8')).not.toContain('waits 4');
    expect(await readFile(join(path, 'skipped.jsonl'), 'utf8')).toContain('"parties":["nia"]');
  });

  it('a snapshot from before the ledger knew the name trains nothing any more, and is still measured', async () => {
    await importing({ parties: [{ ...nia, aliases: ['Waits 2'] }] });
    const { seal } = await readSeal(snapshot);
    await clearSnapshot(one.context, snapshot, seal, 'eval');
    const training = clearSnapshot(one.context, snapshot, seal);
    await expect(training).rejects.toMatchObject({ code: 'not-cleared' });
    await expect(training).rejects.toThrow('Nia Okafor (parties/nia) by those of 2 shots');
  });

  it('who freezes for the performer keeps such shots, if the ledger allows the replica; others who are named stay out', async () => {
    await expect(freezing({ performers: ['nia'] })).rejects.toMatchObject({ code: 'nothing-cleared' });
    const other = { id: 'ben', kind: 'estate' as const, name: 'Waits 1' };
    await importing({ ...replicas, parties: [{ ...nia, aliases: ['Waits 2'] }, other] });
    const theirs = await freezing({ performers: ['nia'] });
    expect(theirs.alarms).toEqual([expect.objectContaining({ message: expect.stringContaining('ben') })]);
    expect(await readFile(join(theirs.path, 'manifest.jsonl'), 'utf8')).toContain('waits 2');
    await clearSnapshot(one.context, theirs, (await readSeal(theirs)).seal);
  });

  it('where every caption names somebody there is no clip, a firm of that name is nobody, and a band that is seen somebody', async () => {
    await importing({ parties: [{ ...nia, name: 'Brinka' }] });
    await expect(freezing()).rejects.toMatchObject({
      ...{ code: 'no-clips', facts: { found: expect.stringContaining('8 names_performer') } },
    });
    await importing({ parties: [{ ...nia, kind: 'org', name: 'Brinka' }] });
    expect((await freezing()).skipped.shots).toEqual({ copy: 2 });
    const seen = { title: 'alpha', file: 'alpha.mp4', shots: 'all' as const, status: 'confirmed' as const };
    const party = { ...nia, kind: 'org' as const, name: 'Brinka' };
    const consents = replicas.consents.map((row) => ({ ...row, uses: ['train.style' as const] }));
    await importing({ parties: [party], consents, appearances: [{ id: 'a1', party: 'nia', ...seen }] });
    await expect(freezing()).rejects.toMatchObject({ code: 'no-clips' });
  });
});
