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

/** What stands beside a consent that had replaced a refusal, as one of them ends: what was said since, by whom, for which title. */

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

const withdrawing = (target: object, at = now) => revoke(context, revokeInputSchema.parse(target), at);
const inForce = async () => (await currentLedger(context.db))?.document.consents ?? [];

describe('a withdrawal looks at all that stands beside what ends', () => {
  const [studio, nia] = clearedFile().parties ?? [];
  const [harbour] = clearedFile().titles ?? [];
  const quarry = { ...harbour, id: 'quarry', name: 'Quarry', files: ['quarry.mp4'] };
  const both = ['harbour', 'quarry'];
  const since = { ...c1, id: 'since', on: '2026-03-01' };
  const guarded = (...consents: object[]) => ({
    ...ledger(...consents),
    titles: [harbour, quarry],
    parties: [studio, { ...nia, representedBy: ['gran'] }, { id: 'gran', kind: 'guardian', name: 'Gran' }],
  });
  const writtenAgain = async () => {
    const path = join(context.paths.root, `again-${files++}.yaml`);
    expect((await writeLedger(context, path)).problems).toEqual([]);
    return (await importLedger(context, path)).changes;
  };
  const nothing = { added: 0, changed: 0, removed: 0 };
  const refusedFor = async () =>
    (await inForce()).flatMap(({ id, titles }) => (id.includes('-again-') ? [titles].flat() : []));

  test('a consent that ends with the same guardian keeps nothing', async () => {
    await importing(context, guarded(old, refusal));
    const theirs = [
      { ...yes, givenBy: 'gran' },
      { ...since, givenBy: 'gran' },
    ];
    await importing(context, guarded(old, refusal, ...theirs));
    expect(await withdrawing({ party: 'gran' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await allowed(context)).toBe(0);
  });

  test('an older one that ends too needs no refusal, which would overrule what the child says itself', async () => {
    const first = { ...old, givenBy: 'gran' };
    await importing(context, guarded(first, refusal));
    await importing(context, guarded(first, refusal, { ...yes, givenBy: 'gran' }));
    expect(await withdrawing({ party: 'gran' })).toMatchObject({ refusedAgain: [] });
    const own = { ...c1, id: 'own', on: '2026-05-02' };
    const gone = (await inForce()).map((row) => ({ ...row }));
    const parties = [studio, { ...nia, representedBy: ['gran'] }];
    const gran = { id: 'gran', kind: 'guardian', name: 'Gran', withdrawn: now };
    await importing(context, { ...guarded(...gone, own), parties: [...parties, gran] });
    expect(await allowed(context)).toBe(2);
  });

  test.each([
    ['was withdrawn', () => withdrawing({ consent: 'yes' })],
    ['was left out by a file', () => importing(context, ledger(old, since))],
  ])('what %s before is looked at again as the one beside it ends', async (_, ends) => {
    await importing(context, ledger(old, refusal));
    await importing(context, ledger(old, refusal, yes, since));
    await ends();
    expect(await allowed(context)).toBe(2);
    expect(await withdrawing({ consent: 'since' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await allowed(context)).toBe(0);
  });

  test('what was agreed to since for one title leaves the refusal of the other, once, and comes in again', async () => {
    const wide = { ...old, titles: both };
    await importing(context, guarded(wide, refusal));
    await importing(context, guarded(wide, refusal, { ...yes, titles: both }, since));
    const told = await withdrawing({ consent: 'yes' });
    expect(told).toMatchObject({ refusedAgain: [`consents/${again}`], overruled: [] });
    expect(await refusedFor()).toEqual(['quarry']);
    expect(await allowed(context)).toBe(2);
    expect(await writtenAgain()).toEqual(nothing);
    const csv = 'id,party,answer,on,titles,uses,territories\nmore,nia,given,2026-05-02,harbour,distil,world';
    await registering(context, 'consents', csv);
    const later = '2026-05-03T09:00:00.000Z';
    expect(await withdrawing({ consent: 'yes' }, later)).toMatchObject({
      refusedAgain: [],
      ledger: told.ledger && expect.any(String),
    });
    expect(await refusedFor()).toEqual(['quarry']);
  });

  test('what was agreed to since for a part is overruled and named, and nothing of it is recorded twice', async () => {
    const part = { ...since, territories: ['DE'] };
    await importing(context, ledger(old, refusal));
    await importing(context, ledger(old, refusal, yes, part));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({
      refusedAgain: [`consents/${again}`],
      overruled: ['consents/since'],
    });
    expect(await writtenAgain()).toEqual(nothing);
    expect(await withdrawing({ consent: 'yes' }, '2026-05-03T09:00:00.000Z')).toMatchObject({
      refusedAgain: [],
    });
    expect(await refusedFor()).toEqual(['harbour']);
  });

  test("one in the refusal's place that goes on for another title covers that alone", async () => {
    const wide = { ...old, titles: both };
    await importing(context, guarded(wide, refusal));
    await importing(context, guarded(wide, refusal, yes, { ...since, titles: ['quarry'] }));
    expect(await withdrawing({ consent: 'since' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await refusedFor()).toEqual(['quarry']);
    expect(await writtenAgain()).toEqual(nothing);
    expect(await allowed(context)).toBe(2);
  });

  test('one that begins later covers nothing yet', async () => {
    await importing(context, ledger(old, refusal));
    await importing(context, ledger(old, refusal, yes, { ...since, from: '2030-01-01' }));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({
      refusedAgain: [`consents/${again}`],
      overruled: ['consents/since'],
    });
    expect(await allowed(context)).toBe(0);
  });

  test('one of the same day as the consent in its place is a later word, of the day of the refusal it is none', async () => {
    await importing(context, ledger(old, refusal));
    await importing(context, ledger(old, refusal, yes, { ...since, on: yes.on }));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ refusedAgain: [] });
    expect(await allowed(context)).toBe(2);
    const later = '2026-05-03T09:00:00.000Z';
    const told = await withdrawing({ consent: 'since' }, later);
    expect(told.refusedAgain).toHaveLength(1);
    expect(await allowed(context)).toBe(0);
  });

  test('a withdrawal that is said to be older than the refusal makes no older word a later one', async () => {
    await importing(context, ledger(old, refusal));
    await importing(context, ledger(old, refusal, yes));
    const ended = { ...yes, withdrawn: '2000-01-01T00:00:00Z' };
    await expect(importing(context, ledger(old, refusal, ended))).rejects.toMatchObject({
      code: 'ledger-invalid',
    });
  });

  test('one that was said while the refusal stood is no later word', async () => {
    const between = { ...old, id: 'between', on: '2025-06-01' };
    await importing(context, ledger(refusal, between));
    const less = { ...yes, models: ['house'] };
    await expect(importing(context, ledger(refusal, between, less))).rejects.toThrow('found "between"');
    await importing(context, ledger(refusal, between, yes));
    expect(await withdrawing({ consent: 'yes' })).toMatchObject({ refusedAgain: [`consents/${again}`] });
    expect(await allowed(context)).toBe(0);
  });

  test('two refusals of long names that begin alike come back under ids of their own', async () => {
    const [one, two] = ['1', '2'].map((end) => `${'n'.repeat(90)}${end}`) as [string, string];
    const wide = { ...old, titles: both };
    const refusals = [
      { ...refusal, id: one, titles: ['harbour'] },
      { ...refusal, id: two, titles: ['quarry'] },
    ];
    const lifts = [
      { ...yes, supersedes: one, givenBy: 'gran' },
      { ...yes, id: 'yes2', titles: ['quarry'], supersedes: two, givenBy: 'gran' },
    ];
    await importing(context, guarded(wide, ...refusals));
    await importing(context, guarded(wide, ...refusals, ...lifts));
    const told = await withdrawing({ party: 'gran' });
    expect(told.refusedAgain).toEqual([againOf(one), againOf(two)].map((id) => `consents/${id}`).sort());
    expect((await refusedFor()).sort()).toEqual(both);
  });
});
