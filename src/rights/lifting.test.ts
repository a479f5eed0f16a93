import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing, registering } from './catalogued.test-support.ts';
import { importLedger } from './import.ts';
import { writeLedger } from './ledger-file.ts';
import { clearedFile } from './ledgers.test-support.ts';
import {
  c1,
  explained,
  idsInForce,
  ledger,
  now,
  old,
  refusal,
  withdraw,
  yes,
} from './refused.test-support.ts';

/** Somebody consented, refused, and consented anew: the refusal stands, but for what the consent that lifts it permits. */

let context: Context;
let close: () => Promise<void>;
let files = 0;
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

const withdrawing = (target: object, at = now) => withdraw(context, target, at);
const ids = () => idsInForce(context);
const words = () => explained(context);
const nothing = { added: 0, changed: 0, removed: 0 };

describe('a consent that lifts a refusal', () => {
  const agreed = async () => {
    await importing(context, ledger(old, refusal));
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(old, refusal, yes));
    expect(await allowed(context)).toBe(2);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
  };

  test('may come in one file with it', async () => {
    expect(await importing(context, ledger(old, refusal, yes))).toMatchObject({
      changes: { added: 8 },
      leftOut: { count: 0 },
      warnings: [],
    });
    expect(await allowed(context)).toBe(2);
  });

  test('is withdrawn: the refusal forbids, and the older consent does not permit again', async () => {
    await agreed();
    const tried = await withdrawing({ consent: 'yes', dryRun: true });
    const change = { use: 'train.style', before: 'ALLOW', after: 'EXCLUDE' };
    expect(tried).toMatchObject({ ledger: null, withIt: [] });
    expect(tried.changes).toContainEqual(expect.objectContaining(change));
    expect(await allowed(context)).toBe(2);
    await withdrawing({ consent: 'yes' });
    expect(await allowed(context)).toBe(0);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
    expect(await words()).toContain('nia refused train.style; consents/yes lifts that and was withdrawn on');
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ changes: [] });
  });

  test('ends with the guardian who gave it', async () => {
    const [studio, nia] = clearedFile().parties ?? [];
    const gran = { id: 'gran', kind: 'guardian', name: 'Gran' };
    const parties = [studio, { ...nia, representedBy: ['gran'] }, gran];
    const given = { ...yes, givenBy: 'gran' };
    await importing(context, { ...ledger(old, refusal, given), parties });
    expect(await allowed(context)).toBe(2);
    const withIt = [{ row: 'consents/yes', withdrawn: now }];
    expect(await withdrawing({ party: 'gran' })).toMatchObject({ withIt });
    expect(await allowed(context)).toBe(0);
  });

  test.each<[string, object[]]>([
    ['withdrawn', [old, refusal, { ...yes, withdrawn: '2026-04-01' }]],
    ['narrowed', [old, refusal, { ...yes, models: ['house'] }]],
    ['for another title', [old, refusal, { ...yes, titles: ['quarry'] }]],
    ['left out', [old, refusal]],
    ['said without naming it', [old, refusal, { ...c1, id: 'yes', on: '2026-01-01' }]],
    ['given later', [old, refusal, { ...yes, on: '2030-06-01' }]],
    ['begun later', [old, refusal, { ...yes, from: '2030-06-01' }]],
    ['ended', [old, refusal, { ...yes, until: '2026-04-01' }]],
  ])('and is %s in a file leaves the rest refused, whatever older consents say', async (_how, rows) => {
    await agreed();
    const [harbour] = clearedFile().titles ?? [];
    const titles = [harbour, { ...harbour, id: 'quarry', name: 'Quarry', files: ['quarry.mp4'] }];
    await importing(context, { ...ledger(...rows), titles });
    expect(await allowed(context)).toBe(0);
  });

  test.each<[string, object[]]>([
    ['the refusal alone', [old, yes]],
    ['both', [old]],
    ['both and the older one', []],
  ])('is in no file that leaves out %s', async (_how, rows) => {
    await agreed();
    const left = 'left out:\n  consents/no: answer: refused';
    await expect(importing(context, ledger(...rows))).rejects.toThrow(left);
    expect(await allowed(context)).toBe(2);
  });

  test('is in the file that is written, which changes nothing', async () => {
    await agreed();
    const path = join(context.paths.root, `lifted-${files++}.yaml`);
    expect((await writeLedger(context, path)).problems).toEqual([]);
    expect((await importLedger(context, path)).changes).toEqual(nothing);
    await withdrawing({ consent: 'yes' });
    const then = join(context.paths.root, `lifted-${files++}.yaml`);
    expect((await writeLedger(context, then)).problems).toEqual([]);
    expect((await importLedger(context, then)).changes).toEqual(nothing);
  });

  test('is replaced by another, which has to say that it lifts the refusal', async () => {
    await agreed();
    const next = { ...c1, id: 'next', on: '2026-02-01', supersedes: 'yes' };
    const told = 'expected a consent that lifts "no" too, as what it replaces did, found nothing in lifts';
    await expect(importing(context, ledger(old, refusal, yes, next))).rejects.toThrow(told);
    await expect(importing(context, ledger(old, refusal, next))).rejects.toThrow('Write lifts: [no]');
    await importing(context, ledger(old, refusal, yes, { ...next, lifts: ['no'] }));
    expect(await allowed(context)).toBe(2);
    await withdrawing({ consent: 'next' });
    expect(await allowed(context)).toBe(0);
  });

  test('does not replace it, in a file, in a register or beside the one in force; the word to write is told', async () => {
    const replacing = { ...c1, id: 'yes', on: '2026-01-01', supersedes: 'no' };
    const told = 'found the refusal "no". Write lifts: [no] in place of supersedes';
    const csv =
      'id,party,answer,on,titles,uses,territories,supersedes\nyes,nia,given,2026-01-01,harbour,train.style,world,no';
    await expect(importing(context, ledger(old, refusal, replacing))).rejects.toThrow(told);
    await importing(context, ledger(old, refusal));
    await expect(importing(context, ledger(old, replacing))).rejects.toThrow(told);
    await expect(registering(context, 'consents', csv)).rejects.toThrow(told);
    const no = '\nno,nia,refused,2025-01-01,all,all,world,';
    await expect(registering(context, 'consents', csv + no)).rejects.toThrow(told);
    await agreed();
    await expect(registering(context, 'consents', csv, true)).rejects.toThrow(told);
    const next = { ...yes, id: 'next', on: '2026-02-01', lifts: ['no'], supersedes: 'no' };
    await expect(importing(context, ledger(old, refusal, yes, next))).rejects.toThrow(told);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
    const turned = { ...old, answer: 'refused' };
    const anew = { ...c1, id: 'anew', supersedes: 'c1' };
    await expect(importing(context, ledger(turned, refusal, yes, anew))).rejects.toThrow(
      'found the refusal "c1"',
    );
  });

  test('ends where somebody refuses in its place', async () => {
    await agreed();
    const never = { ...refusal, id: 'never', on: '2026-03-01', supersedes: 'yes' };
    await importing(context, ledger(old, refusal, yes, never));
    expect(await ids()).toEqual(['c1', 'never', 'no']);
    expect(await allowed(context)).toBe(0);
  });

  test('lifts no refusal that replaces it: an import says so', async () => {
    await agreed();
    const again = { ...refusal, id: 'again', on: '2026-03-01', supersedes: 'no' };
    const { warnings } = await importing(context, ledger(old, refusal, yes, again));
    expect(warnings).toEqual([
      'consents/yes lifts consents/no, which is not in force: what was refused in its place is, until a consent names that in lifts',
    ]);
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger(old, refusal, again, { ...yes, on: '2026-03-02', lifts: ['again'] }));
    expect(await allowed(context)).toBe(2);
  });

  test('may stand in a register, with the refusal or beside it, once and again', async () => {
    const head = 'id,party,answer,on,titles,uses,territories,lifts';
    const no = 'no,nia,refused,2025-01-01,all,all,world,';
    const given = 'yes,nia,given,2026-01-01,harbour,train.style,world,no';
    await importing(context, ledger(old));
    await registering(context, 'consents', `${head}\n${given}\n${no}`);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
    expect(await allowed(context)).toBe(2);
    expect(await registering(context, 'consents', `${head}\n${given}\n${no}`)).toMatchObject({
      changes: nothing,
      leftOut: { count: 0 },
    });
    await forgetLedgers(context);
    await importing(context, ledger(old, refusal));
    expect((await registering(context, 'consents', `${head}\n${given}`)).changes).toEqual({
      ...nothing,
      added: 1,
    });
    expect(await allowed(context)).toBe(2);
  });

  test('goes on without it where a register takes it out: the refusal forbids', async () => {
    await agreed();
    const head = 'id,party,answer,on,titles,uses,territories,lifts,supersedes,withdrawn';
    const row = 'yes,nia,given,2026-01-01,harbour,train.style,world';
    await registering(context, 'consents', `${head}\n${row},,,`, true);
    expect(await allowed(context)).toBe(0);
    await registering(context, 'consents', `${head}\n${row},no,,`, true);
    expect(await allowed(context)).toBe(2);
    await registering(context, 'consents', `${head}\n${row},no,,2026-04-01`, true);
    expect(await allowed(context)).toBe(0);
    expect(await ids()).toEqual(['c1', 'no', 'yes']);
  });
});
