import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing, registering } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { againOf, c1, ledger, now, old, refusal, yes } from './refused.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';
import { currentLedger } from './store.ts';

/** Somebody consented, refused, consented anew in the refusal's place, and withdraws that: what the refusal overruled does not permit again. */

const again = againOf('no');
let context: Context;
let close: () => Promise<void>;
let files = 0;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const agreed = async () => {
  await importing(context, ledger(old, refusal));
  expect(await allowed(context)).toBe(0);
  await importing(context, ledger(old, refusal, yes));
  expect(await allowed(context)).toBe(2);
};
const withdrawing = (target: object, at = now) => revoke(context, revokeInputSchema.parse(target), at);
const inForce = async () => (await currentLedger(context.db))?.document.consents ?? [];

describe('a withdrawal of a consent that had replaced a refusal', () => {
  test('lets no older consent permit again what was refused', async () => {
    await agreed();
    const tried = await withdrawing({ consent: 'yes', dryRun: true });
    expect(tried).toMatchObject({ ledger: null, withIt: [], refusedAgain: [`consents/${again}`] });
    expect(tried.changes).toContainEqual(
      expect.objectContaining({ use: 'train.style', before: 'ALLOW', after: 'EXCLUDE' }),
    );
    expect(await allowed(context)).toBe(2);
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await allowed(context)).toBe(0);
    expect((await inForce()).find(({ id }) => id === again)).toEqual({
      ...{ id: again, party: 'nia', answer: 'refused', on: now, from: now, territories: ['world'] },
      ...{ titles: ['harbour'], uses: 'all' },
      note: 'older consents would permit again what consents/no refused, which consents/yes had replaced: it counts again for these titles',
    });
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ refusedAgain: [], changes: [] });
  });

  test('is written as a file that changes nothing, and a new consent replaces what is refused again', async () => {
    await agreed();
    await withdrawing({ consent: 'yes' });
    const path = join(context.paths.root, `again-${files++}.yaml`);
    expect((await writeLedger(context, path)).problems).toEqual([]);
    expect((await importLedger(context, path)).changes).toEqual({ added: 0, changed: 0, removed: 0 });
    const rows = [
      old,
      refusal,
      { ...yes, withdrawn: now },
      ...(await inForce()).filter((one) => one.id === again),
    ];
    await expect(importing(context, ledger(...rows.slice(0, 3)))).rejects.toThrow();
    await importing(context, ledger(...rows, { ...c1, id: 'anew', on: '2026-05-02', supersedes: again }));
    expect(await allowed(context)).toBe(2);
  });

  test('leaves what was never refused, and what was agreed to since', async () => {
    const part = { ...refusal, uses: ['train.style'] };
    const wide = { ...old, uses: ['train.style', 'condition'] };
    const since = { ...c1, id: 'since', on: '2026-02-01', uses: ['train.foundation'] };
    await importing(context, ledger(wide, part));
    await importing(context, ledger(wide, part, yes, since));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ overruled: [] });
    expect((await inForce()).find(({ id }) => id === again)).toMatchObject({ uses: ['train.style'] });
    expect(await allowed(context)).toBe(0);
  });

  test('says nothing more where no older consent would permit it', async () => {
    await importing(context, ledger(refusal));
    await importing(context, ledger(refusal, yes));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ refusedAgain: [] });
    expect((await inForce()).map(({ id }) => id)).toEqual(['yes']);
  });

  test('holds where others replaced that consent in between', async () => {
    await agreed();
    const next = { ...c1, id: 'next', on: '2026-02-01', supersedes: 'yes' };
    await importing(context, ledger(old, refusal, yes, next));
    expect(await withdrawing({ consent: 'next' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await allowed(context)).toBe(0);
  });

  test('of a guardian with all that it said for others too', async () => {
    const [studio, nia] = clearedFile().parties ?? [];
    const gran = { id: 'gran', kind: 'guardian', name: 'Gran' };
    const parties = [studio, { ...nia, representedBy: ['gran'] }, gran];
    const rows = (...consents: object[]) => ({ ...ledger(...consents), parties });
    await importing(context, rows(old, refusal));
    await importing(context, rows(old, refusal, { ...yes, givenBy: 'gran' }));
    expect(await allowed(context)).toBe(2);
    const told = await withdrawing({ party: 'gran' });
    expect(told).toMatchObject({
      withIt: [{ row: 'consents/yes', withdrawn: now }],
      refusedAgain: [`consents/${again}`],
    });
    expect(await allowed(context)).toBe(0);
  });
});

describe('nor does a file bring it back', () => {
  const told = 'no older consent that permits again what "no" refused, found "c1"';
  test.each<[string, object[]]>([
    [
      'that withdraws the consent and no longer holds the refusal',
      [old, { ...yes, withdrawn: '2026-04-01' }],
    ],
    ['that narrows it so', [old, { ...yes, models: ['house'] }]],
    [
      'in which one for less replaces it',
      [old, refusal, yes, { ...yes, id: 'less', models: ['house'], supersedes: 'yes' }],
    ],
    ['that forgets what it replaced', [old, { ...yes, withdrawn: '2026-04-01', supersedes: undefined }]],
    ['that leaves out both', [old]],
  ])('%s', async (_, rows) => {
    await agreed();
    await expect(importing(context, ledger(...rows))).rejects.toThrow(told);
    expect((await inForce()).map(({ id }) => id)).toEqual(['c1', 'yes']);
  });

  test('that names an older one for the first time', async () => {
    await importing(context, ledger(refusal));
    await importing(context, ledger(refusal, { ...yes, models: ['house'] }));
    await expect(importing(context, ledger(old, { ...yes, models: ['house'] }))).rejects.toThrow(told);
    await importing(context, ledger(refusal, { ...yes, models: ['house'] }, { ...old, on: '2026-03-01' }));
    expect(await allowed(context)).toBe(2);
  });

  test('but the consent may go, with the refusal back or the older one withdrawn', async () => {
    await agreed();
    await importing(context, ledger({ ...old, withdrawn: '2025-01-01' }));
    await forgetLedgers(context);
    await agreed();
    await importing(context, ledger(old, refusal));
    expect(await allowed(context)).toBe(0);
  });
});

describe('nor does a register', () => {
  const head = 'id,party,answer,on,titles,uses,territories';
  const scope = 'harbour,train.style,world';
  const told = 'expected no older consent that permits again what "no" refused, found';

  test('that withdraws the consent', async () => {
    await agreed();
    const csv = `${head},withdrawn\nyes,nia,given,2026-01-01,${scope},2026-04-01`;
    await expect(registering(context, 'consents', csv, true)).rejects.toThrow(`${told} "c1"`);
    expect(await allowed(context)).toBe(2);
    const both = `${csv}\nc1,nia,given,2024-01-01,${scope},2025-01-01`;
    await registering(context, 'consents', both, true);
    expect(await allowed(context)).toBe(0);
  });

  test('that names an older one for the first time', async () => {
    await importing(context, ledger(refusal));
    await importing(context, ledger(refusal, { ...yes, models: ['house'] }));
    const csv = (on: string) => `${head}\nfound,nia,given,${on},${scope}`;
    await expect(registering(context, 'consents', csv('2024-01-01'))).rejects.toThrow(`${told} "found"`);
    expect(await allowed(context)).toBe(0);
    await registering(context, 'consents', csv('2026-02-01'));
    expect(await allowed(context)).toBe(2);
  });

  test('that says again what was replaced twice before: that does not stand', async () => {
    const wide = { ...old, uses: ['train.style', 'distil'] };
    const middle = { ...old, id: 'middle', supersedes: 'c1' };
    const less = { ...old, id: 'less', supersedes: 'middle' };
    await importing(context, ledger(wide, refusal));
    await importing(context, ledger(wide, middle, less, refusal));
    await importing(context, ledger(less, refusal, yes));
    const csv = `${head}\nc1,nia,given,2024-01-01,harbour,train.style; distil,world`;
    expect((await registering(context, 'consents', csv)).changes).toEqual({
      added: 0,
      changed: 0,
      removed: 0,
    });
    expect(await allowed(context)).toBe(2);
  });

  test('another row, where the refusal had replaced the older one: that does not stand', async () => {
    const stops = { ...refusal, supersedes: 'c1' };
    await importing(context, ledger(old));
    await importing(context, ledger(old, stops));
    await importing(context, ledger(old, stops, { ...yes, models: ['house'] }));
    const csv = `${head}\nmore,nia,given,2026-05-02,harbour,distil,world`;
    expect((await registering(context, 'consents', csv)).changes).toMatchObject({ added: 1 });
    await withdrawing({ consent: 'yes' });
    await registering(context, 'consents', csv.replace('more', 'next'));
    expect(await allowed(context)).toBe(0);
  });
});
