import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { allowed, catalogue, forgetLedgers, importing, registering } from './catalogued.test-support.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { revokeInputSchema } from './schema.ts';
import { currentLedger } from './store.ts';

/** Whoever withdraws everything withdraws what it said for others too. */

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

const gran = { id: 'gran', kind: 'guardian', name: 'Gran' };
const [studio, nia] = clearedFile().parties ?? [];
const [c1] = clearedFile().consents ?? [];
const given = { ...c1, givenBy: 'gran', on: '2026-01-01' };
const ledger = (parts: object = {}) => ({
  ...clearedFile(),
  parties: [studio, { ...nia, representedBy: ['gran'] }, gran],
  consents: [given],
  ...parts,
});
const leaving = (more: object = {}, at = now) =>
  revoke(context, revokeInputSchema.parse({ party: 'gran', ...more }), at);
const inForce = async () => (await currentLedger(context.db))?.document;

test('a consent that a guardian gave permits nothing once the guardian withdraws, and the child may give one anew', async () => {
  await importing(context, ledger());
  expect(await allowed(context)).toBe(2);
  const tried = await leaving({ dryRun: true });
  expect(tried).toMatchObject({ ledger: null, withIt: [{ row: 'consents/c1', withdrawn: now }] });
  expect(tried.changes).toContainEqual(
    expect.objectContaining({ use: 'train.style', before: 'ALLOW', after: 'EXCLUDE' }),
  );
  expect(await allowed(context)).toBe(2);
  await leaving();
  expect(await allowed(context)).toBe(0);
  const left = { parties: [studio, { ...nia, representedBy: ['gran'] }, { ...gran, withdrawn: now }] };
  await expect(importing(context, ledger(left))).rejects.toThrow(`consents/c1: withdrawn: ${now}`);
  const own = { ...c1, id: 'own', on: '2026-05-02' };
  await importing(context, ledger({ ...left, consents: [{ ...given, withdrawn: now }, own] }));
  expect(await allowed(context)).toBe(2);
});

test('nor an approval for somebody else; what it refused and what was withdrawn before stays as it is', async () => {
  const ban = { id: 'r1', imposedBy: 'nia', titles: ['harbour'], uses: ['train.style'], unless: 'approved' };
  const scope = { titles: ['harbour'], uses: ['train.style'], territories: ['world'] };
  const yes = { ...scope, id: 'ok', restriction: 'r1', by: 'gran', on: '2026-01-01' };
  await importing(
    context,
    ledger({
      consents: [
        c1,
        { ...given, id: 'old', withdrawn: '2026-02-01' },
        { ...given, id: 'no', answer: 'refused', uses: ['distil'] },
      ],
      restrictions: [{ ...ban, territories: ['world'], reason: 'ask' }],
      approvals: [yes],
    }),
  );
  expect(await allowed(context)).toBe(2);
  expect((await leaving()).withIt).toEqual([{ row: 'approvals/ok', withdrawn: now }]);
  expect(await allowed(context)).toBe(0);
  const { consents = [], approvals = [] } = (await inForce()) ?? {};
  expect(Object.fromEntries(consents.map(({ id, withdrawn }) => [id, withdrawn]))).toEqual({
    ...{ c1: undefined, old: '2026-02-01', no: undefined },
  });
  expect(approvals).toEqual([{ ...yes, withdrawn: now }]);
});

test('given again it changes nothing, and ends what a withdrawal by an earlier version left in force', async () => {
  await importing(
    context,
    ledger({ parties: [studio, { ...nia, representedBy: ['gran'] }, { ...gran, withdrawn: now }] }),
  );
  expect(await allowed(context)).toBe(2);
  const first = await leaving({}, '2026-05-02T09:00:00.000Z');
  const ended = { row: 'consents/c1', withdrawn: '2026-05-02T09:00:00.000Z' };
  expect(first).toMatchObject({ withdrawn: now, withIt: [ended] });
  expect(await allowed(context)).toBe(0);
  expect(await leaving({}, '2026-05-03T09:00:00.000Z')).toEqual({ ...first, withIt: [], changes: [] });
});

test('a file that calls a guardian withdrawn names the consents that go on', async () => {
  await importing(context, ledger());
  const left = { parties: [studio, { ...nia, representedBy: ['gran'] }, { ...gran, withdrawn: now }] };
  const told = 'parties/gran is withdrawn, and what it said for others goes on: consents/c1';
  expect((await importing(context, ledger(left))).warnings).toEqual([expect.stringContaining(told)]);
  expect(await allowed(context)).toBe(2);
});

describe('what a guardian said before it withdrew everything, and comes in only afterwards', () => {
  const withGran = (gone: object = {}) => [studio, { ...nia, representedBy: ['gran'] }, { ...gran, ...gone }];
  const left = { parties: withGran({ withdrawn: now }) };
  const ended = { ...given, withdrawn: now };
  const late = { ...given, id: 'late', on: '2026-02-01' };

  test('permits nothing, unless it is said by the child', async () => {
    await importing(context, ledger());
    await leaving();
    const found = `consents/late: withdrawn: ${now} (gran, who said it before, withdrew everything then)`;
    await expect(importing(context, ledger({ ...left, consents: [ended, late] }))).rejects.toThrow(found);
    expect(await allowed(context)).toBe(0);
    await importing(context, ledger({ ...left, consents: [ended, { ...late, withdrawn: now }] }));
    expect(await allowed(context)).toBe(0);
    const own = { ...late, id: 'own', givenBy: undefined };
    await importing(context, ledger({ ...left, consents: [ended, { ...late, withdrawn: now }, own] }));
    expect(await allowed(context)).toBe(2);
  });

  test('nor in a register', async () => {
    await importing(context, ledger());
    await leaving();
    const csv = 'id,party,answer,given by,on,titles,uses,territories';
    const row = 'late,nia,given,gran,2026-02-01,harbour,train.style,world';
    await expect(registering(context, 'consents', `${csv}\n${row}`)).rejects.toThrow(
      `consents/late: withdrawn: ${now}`,
    );
    await registering(context, 'consents', `${csv},withdrawn\n${row},${now}`);
    expect(await allowed(context)).toBe(0);
  });

  test('goes on where a file alone calls the guardian withdrawn', async () => {
    await importing(context, ledger());
    await importing(context, ledger(left));
    await importing(context, ledger({ ...left, consents: [given, late] }));
    expect(await allowed(context)).toBe(2);
  });
});

test('a register that calls a guardian withdrawn names the consents that go on too', async () => {
  await importing(context, ledger());
  const told = 'parties/gran is withdrawn, and what it said for others goes on: consents/c1';
  const csv = `id,kind,name,withdrawn\ngran,guardian,Gran,${now}`;
  expect((await registering(context, 'parties', csv, true)).warnings).toEqual([
    expect.stringContaining(told),
  ]);
});
