import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { restingOn } from './resting-store.ts';
import { revoke } from './revoke.ts';
import { type LedgerFile, revokeInputSchema } from './schema.ts';
import { currentLedger } from './store.ts';

const now = '2026-05-01T09:00:00.000Z';
let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(async () => {
  await forgetLedgers(context);
  await context.db.delete(tables.provenanceAudit);
});

async function importing(parts: Partial<LedgerFile> = {}): Promise<string> {
  const path = join(context.paths.root, 'ledger.yaml');
  await writeFile(path, stringify({ ...clearedFile(), ...parts }));
  return (await importLedger(context, path)).ledger;
}

const withdrawing = (target: object, at = now) => revoke(context, revokeInputSchema.parse(target), at);
const consentWith = (parts: object) =>
  ({ consents: [{ ...clearedFile().consents?.[0], ...parts }] }) as Partial<LedgerFile>;
const withdrawnNow = async () =>
  (await currentLedger(context.db))?.document.consents.map(({ withdrawn }) => withdrawn);

describe('a row that is withdrawn already', () => {
  test('by an earlier command keeps its instant and its ledger, however often it is asked', async () => {
    await importing();
    const first = await withdrawing({ consent: 'c1' });
    const again = await withdrawing({ consent: 'c1' }, '2026-05-02T09:00:00.000Z');
    expect(again).toEqual({ ...first, changes: [] });
    expect((await actsIn(context.db)).map(({ what }) => what)).toEqual(['rights.import', 'rights.revoke']);
  });

  test('in the file that was imported keeps what the file says', async () => {
    const ledger = await importing(consentWith({ withdrawn: '2026-04-01' }));
    const tried = await withdrawing({ consent: 'c1', dryRun: true });
    expect(tried).toMatchObject({ withdrawn: '2026-04-01', ledger: null, changes: [] });
    expect(await withdrawing({ consent: 'c1' })).toMatchObject({ withdrawn: '2026-04-01', ledger });
  });

  test('from a day to come is withdrawn now', async () => {
    await importing(consentWith({ withdrawn: '2030-01-01' }));
    const { withdrawn, changes } = await withdrawing({ consent: 'c1' });
    expect([withdrawn, changes.length]).toEqual([now, 2]);
    expect(await withdrawnNow()).toEqual([now]);
  });
});

describe('a row that the ledger in force no longer has', () => {
  test('is withdrawn as it was recorded last, and the file that had it cannot bring it back', async () => {
    await importing();
    await importing({ consents: [] });
    const { row, withdrawn } = await withdrawing({ consent: 'c1' });
    expect([row, withdrawn]).toEqual(['consents/c1', now]);
    expect(await withdrawnNow()).toEqual([now]);
    await expect(importing()).rejects.toThrow(`consents/c1: withdrawn: ${now}`);
  });

  test('keeps the withdrawal that it went with', async () => {
    await importing(consentWith({ withdrawn: '2026-04-01' }));
    const [c1] = consentWith({ withdrawn: '2026-04-01' }).consents ?? [];
    const anew = { ...clearedFile().consents?.[0], id: 'c2', supersedes: 'c1' };
    const ledger = await importing({ consents: [c1, anew] as LedgerFile['consents'] });
    expect(await withdrawing({ consent: 'c1' })).toMatchObject({ withdrawn: '2026-04-01', ledger });
  });
});

test('a refusal is never withdrawn', async () => {
  await importing(consentWith({ answer: 'refused' }));
  await expect(withdrawing({ consent: 'c1' })).rejects.toMatchObject({ code: 'row-not-withdrawable' });
});

describe('a row of which a file last said what never was in force, as another of it took its place', () => {
  const [g1] = clearedFile().grants ?? [];
  const [c1] = clearedFile().consents ?? [];
  const anew = { ...g1, id: 'g2', supersedes: 'g1' };
  const gone = { ...g1, withdrawn: '2026-04-01' };
  const grants = (...rows: object[]) => importing({ grants: rows } as Partial<LedgerFile>);
  const undone = { code: 'ledger-undoes-withdrawal' };

  test('is withdrawn as it was in force, and an older file does not bring it back', async () => {
    await importing();
    const before = await grants(gone, anew);
    const { withdrawn, ledger, replacedBy } = await withdrawing({ grant: 'g1' });
    expect([withdrawn, replacedBy]).toEqual([now, ['grants/g2']]);
    expect(ledger).not.toBe(before);
    await expect(importing()).rejects.toMatchObject(undone);
  });

  test('is recorded as withdrawn too where it never was in force at all', async () => {
    await importing({ grants: [] });
    const before = await grants(gone, anew);
    const { withdrawn, ledger } = await withdrawing({ grant: 'g1' });
    expect(withdrawn).toBe('2026-04-01');
    expect(ledger).not.toBe(before);
    expect(await withdrawing({ grant: 'g1' })).toMatchObject({ withdrawn: '2026-04-01', ledger });
    // Nothing rests on it, but on what stands in its place.
    expect((await restingOn(context.db, { grant: 'g1' }))?.resting.shots.size).toBe(0);
    await expect(importing()).rejects.toMatchObject(undone);
  });

  test('is no refusal where it was given while it was in force', async () => {
    await importing();
    const consents = [
      { ...c1, answer: 'refused' },
      { ...c1, id: 'c2', answer: 'refused', supersedes: 'c1' },
    ] as LedgerFile['consents'];
    await importing({ consents });
    expect(await withdrawing({ consent: 'c1' })).toMatchObject({ row: 'consents/c1', withdrawn: now });
  });
});
