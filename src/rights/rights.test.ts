import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { actsIn } from '../../test/support/audit.ts';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { addFacts } from '../shots/store.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { operations } from './operations.ts';
import { revoke } from './revoke.ts';
import { ruleVersion } from './rule-version.ts';
import { type LedgerFile, revokeInputSchema } from './schema.ts';
import { appendLedger, currentLedger } from './store.ts';
import { writeTemplate } from './template.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'quarry', 'quarry.mp4');
});
afterAll(() => close());
beforeEach(async () => {
  await forgetLedgers(context);
  await context.db.delete(tables.provenanceAudit);
});

async function ledgerPath(parts: Partial<LedgerFile> = {}, name = 'ledger.yaml'): Promise<string> {
  const path = join(context.paths.root, name);
  await writeFile(path, stringify({ ...clearedFile(), ...parts }));
  return path;
}

const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
const outcomesNow = async () =>
  Object.fromEntries((await decideShots(context, day)).map(({ shotId, outcome }) => [shotId, outcome]));
const withdrawing = (target: object) => revokeInputSchema.parse(target);

describe('deciding a workspace', () => {
  test('without a ledger every shot is unknown', async () => {
    const decisions = await decideShots(context, { use: 'train.style', asOf: '2026-05-01' });
    expect(decisions).toHaveLength(4);
    expect(new Set(decisions.map(({ outcome, reasons }) => `${outcome} ${reasons[0]?.message}`))).toEqual(
      new Set(['REVIEW no rights ledger is imported']),
    );
  });

  test('with one, the shots of the titles it clears are allowed and the others stay unknown', async () => {
    await importLedger(context, await ledgerPath());
    expect(await outcomesNow()).toEqual({
      'sht_harbour-0': 'ALLOW',
      'sht_harbour-1': 'ALLOW',
      'sht_quarry-0': 'REVIEW',
      'sht_quarry-1': 'REVIEW',
    });
  });

  test('decisions are kept with the ledger, territory and rules they were made by', async () => {
    await context.db.delete(tables.rightsDecisions);
    const { ledger } = await importLedger(context, await ledgerPath());
    for (const territory of ['world', 'DE', 'DE']) await decideShots(context, { ...day, territory });
    const rows = await context.db.select().from(tables.rightsDecisions);
    expect(rows).toHaveLength(8);
    expect(rows.find(({ shotId }) => shotId === 'sht_harbour-0')).toMatchObject({
      ledgerId: ledger,
      ruleVersion,
      outcome: 'ALLOW',
      reasons: [],
      grants: ['g1'],
    });
  });

  test('the check counts shots and minutes once each, and names what found no counterpart', async () => {
    const titles = [
      ...(clearedFile().titles ?? []),
      { id: 'lost', name: 'Lost', files: ['lost.mp4'], shares: [] },
    ];
    const stray = {
      ...clearedFile().appearances?.[0],
      id: 'a2',
      shots: [{ in: '09:00:00:00', out: '09:00:01:00' }],
    };
    const appearances = [...(clearedFile().appearances ?? []), stray] as LedgerFile['appearances'];
    await importLedger(context, await ledgerPath({ titles, appearances }));
    const check = await checkRights(context, day);
    expect(check.shots).toBe(4);
    expect(check.minutes).toBeCloseTo(4 / 60);
    expect(check.outcomes.map(({ outcome, shots }) => [outcome, shots])).toEqual([
      ['EXCLUDE', 0],
      ['REVIEW', 4],
      ['NEEDS_ACTION', 0],
      ['ALLOW', 0],
    ]);
    const reasons = check.reasons.map(({ rule, shots }) => [rule, shots]);
    expect(reasons).toEqual([
      ['unknown', 2],
      ['unplaced', 2],
    ]);
    expect(check.notices).toEqual([
      expect.stringContaining('quarry.mp4 is unknown: no title of the ledger names quarry.mp4'),
      'titles/lost: lost.mp4 is not catalogued',
      expect.stringContaining(
        'appearances/a2: nia is said to be seen in harbour.mp4 at 09:00:00:00 to 09:00:01:00',
      ),
    ]);
  });

  test('an explanation names title, reasons, rows and the nearest grant', async () => {
    const grants = [{ ...clearedFile().grants?.[0], until: '2026-04-30' }] as LedgerFile['grants'];
    await importLedger(context, await ledgerPath({ grants }));
    const { words, nearestMiss, title } = await explainShot(context, 'sht_harbour-0', day);
    expect(title).toBe('harbour');
    expect(nearestMiss).toEqual({
      grant: 'g1',
      misses: [
        {
          dimension: 'until',
          rule: 'expired',
          message: 'ended 2026-04-30, 1 day before 2026-05-01',
          days: 1,
        },
      ],
    });
    expect(words).toContain('EXCLUDE for train.style in world on 2026-05-01');
    expect(words).toMatch(
      /expired: ended 2026-04-30, 1 day before 2026-05-01 \(grants\/g1, recorded \d{4}-\d\d-\d\d by test\)/,
    );
  });

  test('a shot that is not there is said so', async () => {
    await expect(explainShot(context, 'sht_none', day)).rejects.toMatchObject({ code: 'no-such-shot' });
  });
});

describe('importing', () => {
  test('records who and what, and the same file once', async () => {
    const path = await ledgerPath();
    const first = await importLedger(context, path);
    expect(first).toMatchObject({ recordedBy: 'test', unchanged: false, source: path });
    expect(first.rows).toMatchObject({ parties: 2, titles: 1, grants: 1 });
    expect(first.changes).toEqual({ added: 6, changed: 0, removed: 0 });
    expect(await importLedger(context, path)).toEqual({
      ...first,
      unchanged: true,
      changes: { added: 0, changed: 0, removed: 0 },
    });
    expect(await context.db.select().from(tables.rightsLedgers)).toHaveLength(1);
  });

  test('a ledger with an error leaves the one in force', async () => {
    const { ledger } = await importLedger(context, await ledgerPath());
    const bad = await ledgerPath({ grants: [{ id: 'g9' } as never] }, 'bad.yaml');
    await expect(importLedger(context, bad)).rejects.toMatchObject({ code: 'ledger-invalid' });
    expect((await currentLedger(context.db))?.id).toBe(ledger);
  });

  test.each([
    ['nothing', null],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ])('%s is refused', async (_, bytes) => {
    const path = join(context.paths.root, 'odd.yaml');
    if (bytes) await writeFile(path, bytes);
    await expect(importLedger(context, path)).rejects.toMatchObject({ code: 'ledger-unreadable' });
  });

  test('two people recording at once: the second is told', async () => {
    const { ledger } = await importLedger(context, await ledgerPath());
    const current = await currentLedger(context.db);
    if (!current) throw new Error('no ledger');
    const act = { what: 'rights.import', subject: 'ledger.yaml' };
    await appendLedger(context.db, { ...current, id: 'ldg_second' }, ledger, act);
    const late = appendLedger(context.db, { ...current, id: 'ldg_third' }, ledger, act);
    await expect(late).rejects.toMatchObject({ code: 'ledger-changed' });
    expect((await actsIn(context.db)).length).toBe(2);
  });
});

describe('withdrawing', () => {
  const now = '2026-05-01T09:00:00.000Z';

  test('a consent takes out the shots that it allowed, from then on', async () => {
    await importLedger(context, await ledgerPath());
    const revoked = await revoke(context, withdrawing({ consent: 'c1' }), now);
    expect(revoked.row).toBe('consents/c1');
    expect(revoked.changes).toEqual(
      ['sht_harbour-0', 'sht_harbour-1'].map((shotId) => ({
        shotId,
        use: 'train.style',
        before: 'ALLOW',
        after: 'EXCLUDE',
      })),
    );
    expect((await outcomesNow())['sht_harbour-0']).toBe('EXCLUDE');
    const before = await decideShots(context, { ...day, asOf: '2026-04-30' });
    expect(before[0]?.outcome).toBe('ALLOW');
    expect(await context.db.select().from(tables.rightsLedgers)).toHaveLength(2);
  });

  test.each([
    [{ grant: 'g1' }, 'withdrawn'],
    [{ party: 'studio' }, 'withdrawn'],
    [{ title: 'harbour' }, 'withdrawn'],
    [{ party: 'nia' }, 'consent_refused'],
  ])('%j leaves nothing of the title allowed', async (target, rule) => {
    await importLedger(context, await ledgerPath());
    await revoke(context, withdrawing(target), now);
    const harbour = (await decideShots(context, day)).filter(({ fileId }) => fileId === 'fil_harbour');
    expect(harbour.map(({ outcome, reasons }) => [outcome, reasons[0]?.rule])).toEqual([
      ['EXCLUDE', rule],
      ['EXCLUDE', rule],
    ]);
  });

  test('an import and a withdrawal are rows of the audit log; the same file again and a dry run are none', async () => {
    const path = await ledgerPath();
    await importLedger(context, path);
    await importLedger(context, path);
    await revoke(context, { ...withdrawing({ consent: 'c1' }), dryRun: true }, now);
    await revoke(context, withdrawing({ consent: 'c1' }), now);
    expect(await actsIn(context.db)).toEqual([
      { who: 'test', what: 'rights.import', subject: path },
      { who: 'test', what: 'rights.revoke', subject: 'consents/c1' },
    ]);
  });

  test('a dry run records nothing', async () => {
    const { ledger } = await importLedger(context, await ledgerPath());
    const revoked = await revoke(context, withdrawing({ grant: 'g1', dryRun: true }), now);
    expect([revoked.ledger, revoked.changes.length > 0]).toEqual([null, true]);
    expect((await currentLedger(context.db))?.id).toBe(ledger);
  });

  test('the old file cannot undo it', async () => {
    const path = await ledgerPath();
    await importLedger(context, path);
    await revoke(context, withdrawing({ consent: 'c1' }), now);
    await expect(importLedger(context, path)).rejects.toThrow(`consents/c1: withdrawn: ${now}`);
    const consents = [{ ...clearedFile().consents?.[0], withdrawn: now }] as LedgerFile['consents'];
    await importLedger(context, await ledgerPath({ consents }));
    expect((await outcomesNow())['sht_harbour-0']).toBe('EXCLUDE');
  });

  test.each([
    [{}, 'bad-input'],
    [{ grant: 'g1', title: 'harbour' }, 'bad-input'],
    [{ grant: 'g7' }, 'no-such-row'],
  ])('%j is refused', async (target, code) => {
    await importLedger(context, await ledgerPath());
    await expect(revoke(context, withdrawing(target), now)).rejects.toMatchObject({ code });
  });
});

test('the template of a workspace is written once and imports', async () => {
  const path = join(context.paths.root, 'rights.yaml');
  expect(await writeTemplate(context, path)).toEqual({ path, written: true, listsAll: true });
  await importLedger(context, path);
  expect(new Set(Object.values(await outcomesNow()))).toEqual(new Set(['REVIEW']));
  await writeFile(path, `${await readFile(path, 'utf8')}# by hand\n`);
  expect(await writeTemplate(context, path)).toEqual({ path, written: false, listsAll: true });
  expect(await readFile(path, 'utf8')).toContain('by hand');
});

test('every operation answers in the form it promises, and in words', async () => {
  const path = await ledgerPath();
  const csv = join(context.paths.root, 'contracts.csv');
  await writeFile(csv, 'id,grantor,titles,uses,territories\ng2,studio,harbour,eval,world');
  const text = { frames: 1, share: 1, covered: 0, lines: [], names: ['Ann Lee'] };
  await addFacts(context.db, 'fil_harbour', [['sht_harbour-0', { text }]]);
  await importLedger(context, path);
  const inputs: Record<string, object> = {
    'rights.map': { path: csv, to: `${csv}.yaml` },
    'rights.explain': { shot: 'sht_quarry-0' },
    'rights.row': { row: 'grants/g1' },
    'rights.ledger': { to: `${path}.written` },
    'rights.correct': { appearance: 'a1', reason: 'her double' },
    'rights.marking': { title: 'harbour' },
    'rights.answer': { name: 'Ann Lee', title: 'harbour', seen: 'nowhere' },
  };
  for (const operation of operations) {
    const input = operation.input.parse(inputs[operation.name] ?? {});
    expect(operation.show?.(operation.output.parse(await operation.handler(context, input)))).toMatch(/\S/);
  }
});
