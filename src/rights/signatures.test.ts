import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import {
  type Batch,
  decideInSql,
  decideInTypeScript,
  disagreements,
  randomBatch,
} from './agreement.test-support.ts';
import { catalogue } from './catalogued.test-support.ts';
import { decisionDigest, decisionText } from './digest.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { generous } from './random.test-support.ts';
import type { Ledger } from './schema.ts';
import { openSignatures, type Signatures } from './signature-store.ts';
import { listSignatures } from './signatures.ts';
import { trainers, uses } from './uses.ts';

let db: Signatures;
beforeAll(async () => {
  db = await openSignatures();
});
afterAll(() => db.close());

/** A fast part; `bench rights` compares 100,000 ledgers. */
const BATCHES = 10;
const LEDGERS = 100;

test('SQL decides random ledgers as TypeScript does, to the same digest', async () => {
  for (let seed = 1; seed <= BATCHES; seed++) {
    const batch = randomBatch(LEDGERS, seed);
    expect(await disagreements(db, batch), JSON.stringify(batch.asked)).toEqual([]);
  }
});

test('the random ledgers come to the reasons that few ledgers have', () => {
  const found = new Set<string>();
  for (let seed = 1; seed <= BATCHES; seed++)
    for (const { reasons, assumptions } of decideInTypeScript(randomBatch(LEDGERS, seed))) {
      for (const { rule } of reasons) found.add(rule);
      for (const { assumption } of assumptions) found.add(`assumed: ${assumption}`);
    }
  expect([...found]).toEqual(
    expect.arrayContaining([
      'not_represented',
      'chain_of_title',
      'approval_missing',
      'cast_not_stated',
      'grantee',
      'unplaced',
      'assumed: house_not_stated',
      'assumed: signing_not_dated',
    ]),
  );
});

test('the random ledgers have grants, consents and approvals that only their dates keep from counting', () => {
  const undated = (rows: readonly object[]) =>
    rows.map((row) => ({ ...row, on: undefined, evidence: undefined }));
  const decided = (name: 'grants' | 'consents' | 'approvals', { ledgers, asked }: Batch) => {
    const others = ledgers.map((ledger) => ({ ...ledger, [name]: undated(ledger[name]) }) as Ledger);
    const texts = decideInTypeScript({ ledgers: others, asked }).map(decisionText);
    return decideInTypeScript({ ledgers, asked }).filter((one, i) => decisionText(one) !== texts[i]).length;
  };
  const { ledgers } = randomBatch(6 * LEDGERS, 1);
  const batch = { ledgers, asked: { use: 'train.style' as const, territory: 'DE', asOf: '2026-05-01' } };
  for (const name of ['grants', 'consents', 'approvals'] as const)
    expect(decided(name, batch), name).toBeGreaterThan(0);
});

/** Whoever can permit or approve did so, and two of three rows that permit name a paper that nobody has dated. */
function undatedPapers(ledger: Ledger): Ledger {
  const { agreements, grants, consents, approvals, restrictions, ...rest } = generous(ledger);
  const named = <T extends object>(rows: readonly T[]): T[] =>
    rows.map((row, i) => ({
      ...row,
      on: undefined,
      evidence: i % 3 === 0 ? undefined : { agreement: 'a1' },
    }));
  const wide = { titles: ['t1', 't2'], uses: [...uses], territories: ['world'], trainers: [...trainers] };
  const more = restrictions.flatMap(({ id, imposedBy }) =>
    imposedBy === undefined ? [] : { ...wide, id: `ok-${id}`, restriction: id, by: imposedBy },
  );
  return {
    ...{ ...rest, restrictions, grants: named(grants), consents: named(consents) },
    agreements: agreements.map((row) => ({ ...row, signed: undefined })),
    approvals: named([...approvals, ...more]),
  };
}

test('the two agree on permissions that name papers which nobody has dated', async () => {
  const sections = new Set<string>();
  for (const [i, performers] of [undefined, undefined, undefined, ['p1'], ['p1', 'p2']].entries()) {
    const { ledgers, asked } = randomBatch(LEDGERS, 70 + i);
    const batch = { ledgers: ledgers.map(undatedPapers), asked: { ...asked, performers } };
    expect(await disagreements(db, batch), JSON.stringify(batch.asked)).toEqual([]);
    for (const { assumptions } of decideInTypeScript(batch))
      for (const { assumption, row } of assumptions)
        if (assumption === 'signing_not_dated') sections.add(row.split('/')[0] ?? '');
  }
  expect([...sections].sort()).toEqual(['approvals', 'consents', 'grants']);
});

test('the two agree on performers who are named, one or several: known, unknown, willing and not', async () => {
  const outcomes = new Set<string>();
  for (const [i, performers] of [
    ['p1'],
    ['ghost'],
    ['p2'],
    ['p1', 'p2'],
    ['ghost', 'p1'],
    ['ghost', 'other'],
  ].entries()) {
    const { ledgers, asked } = randomBatch(LEDGERS, i + 1);
    const day = { use: 'train.style' as const, territory: 'DE', asOf: '2026-05-01', performers };
    const batch = {
      ledgers: ledgers.map(generous),
      asked: i === 2 ? { ...asked, performers } : day,
    };
    for (const { outcome } of decideInTypeScript(batch)) outcomes.add(`${performers} ${outcome}`);
    expect(await disagreements(db, batch), JSON.stringify(batch.asked)).toEqual([]);
  }
  expect(outcomes).toContain('p1 ALLOW');
  expect(outcomes).toContain('p1 EXCLUDE');
  expect(outcomes).toContain('ghost REVIEW');
  expect(outcomes).not.toContain('ghost ALLOW');
  expect(outcomes).toContain('p1,p2 ALLOW');
  expect(outcomes).toContain('p1,p2 EXCLUDE');
  expect(outcomes).not.toContain('ghost,p1 ALLOW');
});

test('the two agree on replicas of nobody: in some shots somebody is seen, in some nobody', async () => {
  const outcomes = new Set<string>();
  for (const [i, use] of (['train.performer', 'generate.replica'] as const).entries()) {
    const { ledgers } = randomBatch(LEDGERS, i + 1);
    const asked = { use, territory: 'DE', asOf: '2026-05-01' };
    const batch = { ledgers: ledgers.map(generous), asked };
    for (const { outcome, reasons } of decideInTypeScript(batch))
      outcomes.add(`${outcome} ${reasons.some(({ row }) => row === 'parties')}`);
    expect(await disagreements(db, batch), use).toEqual([]);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['ALLOW false', 'REVIEW true', 'EXCLUDE true']));
});

test('a difference between the two would be seen', async () => {
  const batch = randomBatch(LEDGERS, 1);
  const other = { ...batch, ledgers: batch.ledgers.map((ledger) => ({ ...ledger, grants: [] })) };
  const { digest, texts } = await decideInSql(db, other);
  const mine = decideInTypeScript(batch);
  expect(decisionDigest(mine)).not.toBe(digest);
  expect(new Set(texts.values()).size).toBeGreaterThan(1);
});

test('a workspace is listed by what decides its shots, with minutes and a digest of the decisions', async () => {
  const { context, close } = await testContext();
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'quarry', 'quarry.mp4');
  const path = join(context.paths.root, 'ledger.json');
  const [seen] = clearedFile().appearances ?? [];
  await writeFile(
    path,
    JSON.stringify({ ...clearedFile(), appearances: [{ ...seen, shots: [{ in: 0, out: 24 }] }] }),
  );
  await importLedger(context, path);
  const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const { signatures, digest } = await listSignatures(context, day);
  expect(signatures.map(({ title, people, shots, outcome }) => [title, people, shots, outcome])).toEqual([
    [null, [], 2, 'REVIEW'],
    ['harbour', ['nia'], 1, 'ALLOW'],
    ['harbour', [], 1, 'ALLOW'],
  ]);
  expect(signatures[1]?.minutes).toBeCloseTo(1 / 60);
  expect((await listSignatures(context, day)).digest).toBe(digest);
  expect((await listSignatures(context, { ...day, asOf: '2026-05-02' })).digest).not.toBe(digest);
  await close();
});

test('rows of a ledger in another order, which are numbered otherwise, come to the same digest in SQL', async () => {
  const batch = randomBatch(LEDGERS, 3);
  const turned = batch.ledgers.map(
    ({ version, ...parts }) =>
      ({
        version,
        ...Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, rows.toReversed()])),
      }) as Ledger,
  );
  const { digest } = await decideInSql(db, batch);
  expect((await decideInSql(db, { ...batch, ledgers: turned })).digest).toBe(digest);
});

test('neither the order of shots nor that of ledgers changes the digest', async () => {
  const mine = decideInTypeScript(randomBatch(LEDGERS, 2));
  const shuffled = mine.toSorted((a, b) => (a.shotId.at(-1) ?? '').localeCompare(b.shotId.at(-1) ?? ''));
  expect(decisionDigest(shuffled)).toBe(decisionDigest(mine));
  const [first, ...rest] = mine;
  expect(decisionDigest(rest)).not.toBe(decisionDigest(mine));
  expect(first).toBeDefined();
});
