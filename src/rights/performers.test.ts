import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { decide, type Question } from './decide.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { asking, clearedFile, harbourShot, ledgerWith, placeIn } from './ledgers.test-support.ts';
import { questionsOf } from './questions.ts';
import type { LedgerFile } from './schema.ts';
import { listSignatures } from './signatures.ts';
import { sliceFor } from './slice.ts';
import type { Use } from './uses.ts';

/** Nia is seen in Harbour's first 48 frames and agreed to `train.style` alone; the studio grants all that is asked here. */
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];
const [c1] = clearedFile().consents as [NonNullable<LedgerFile['consents']>[number]];
const granted: Use[] = ['train.style', 'train.performer', 'distil', 'generate.final', 'generate.replica'];
const replica = { ...c1, id: 'c2', described: 'a double', advisedBy: 'union' as const };
const agreed = (...uses: Use[]) => ({ ...replica, uses });
const unseen = { ...harbourShot, in: 48, out: 72 };

const targeting = (parts: Partial<Question> & { rows?: Partial<LedgerFile> }): Question => {
  const { rows, ...rest } = parts;
  const ledger = ledgerWith({ grants: [{ ...g1, uses: granted }], ...rows });
  return asking({ performers: ['nia'], shot: unseen, ledger, ...rest });
};
const said = (question: Question) => {
  const { outcome, reasons } = decide(question);
  return [outcome, ...reasons.map(({ rule, row }) => `${rule} ${row}`)];
};

const targeted: Use[] = ['train.style', 'train.performer', 'distil', 'generate.final', 'generate.replica'];

describe('a performer who is named', () => {
  test.each(targeted)('and is in no ledger never passes (%s)', (use) => {
    const question = targeting({ use, performers: ['ghost'] });
    expect(said(question)).toEqual(['REVIEW', 'unknown parties']);
    expect(decide(question).reasons[0]?.message).toBe(
      'ghost is targeted, and no party of the ledger is called so',
    );
  });

  test.each(targeted)('and has not agreed waits, seen or not (%s)', (use) => {
    const question = targeting({ use });
    expect(said(question)).toEqual(['NEEDS_ACTION', 'consent_missing parties/nia']);
    expect(decide(question).reasons[0]?.message).toContain('nia is targeted and has not consented to');
  });

  test.each(targeted)('and agreed to a replica passes (%s)', (use) => {
    const consents = [c1, agreed('train.performer', 'generate.replica')];
    expect(said(targeting({ use, rows: { consents } }))).toEqual(['ALLOW']);
  });

  test.each(targeted)('and refused is out, whatever else was agreed (%s)', (use) => {
    const refusal = { ...c1, id: 'no', answer: 'refused' as const, uses: 'all' as const };
    const consents = [agreed('train.performer', 'generate.replica'), refusal];
    expect(said(targeting({ use, rows: { consents } }))).toEqual(['EXCLUDE', 'consent_refused consents/no']);
  });

  test.each([
    ['was withdrawn', { withdrawn: '2026-04-01' }, 'EXCLUDE'],
    ['has ended', { until: '2026-04-01' }, 'NEEDS_ACTION'],
    ['is for another country', { territories: ['DE'] }, 'NEEDS_ACTION'],
    ['is for another title', { titles: ['quarry'] }, 'NEEDS_ACTION'],
    ['was neither signed apart nor given with advice', { advisedBy: undefined }, 'NEEDS_ACTION'],
  ])('and whose consent %s does not pass', (_, parts, outcome) => {
    const consents = [c1, { ...agreed('train.performer'), ...parts }];
    expect(decide(targeting({ rows: { consents } })).outcome).toBe(outcome);
  });

  test('and withdrew altogether is out', () => {
    const parties = clearedFile().parties?.map((p) => ({
      ...p,
      ...(p.id === 'nia' && { withdrawn: '2026-04-01' }),
    }));
    const consents = [agreed('train.performer')];
    expect(said(targeting({ rows: { parties: parties ?? [], consents } }))).toEqual([
      'EXCLUDE',
      'consent_refused parties/nia',
    ]);
  });

  test('is decided by the rows around one file as by the whole ledger', () => {
    const question = targeting({ rows: { consents: [c1, agreed('train.performer')] } });
    const slice = sliceFor(question.ledger, 'harbour', unseen.file, ['nia']);
    expect(decide({ ...question, ledger: slice })).toEqual(decide(question));
  });

  test('is a question that somebody can answer', () => {
    const words = (performer: string) => {
      const question = targeting({ performers: [performer] });
      const { ledger } = question;
      const place = placeIn(ledger, { use: 'train.performer', territory: 'world' });
      const standing = questionsOf({ shotId: 's', fileId: 'f', ...decide(question) }, place);
      return standing.barred ? [] : standing.questions.map(({ says }) => says);
    };
    expect(words('nia')).toEqual(['if Nia Okafor consents to train.performer']);
    expect(words('ghost')[0]).toContain('ghost is targeted');
  });
});

describe('a replica of nobody', () => {
  const replicas: Use[] = ['train.performer', 'generate.replica'];
  const consents = [c1, agreed('train.performer', 'generate.replica')];
  const unnamed = (use: Use, rows: Partial<LedgerFile> = {}, shot = unseen) =>
    targeting({ use, shot, performers: undefined, rows: { consents, ...rows } });

  test.each(replicas)('waits where nobody is confirmed as seen, and says why (%s)', (use) => {
    expect(said(unnamed(use))).toEqual(['REVIEW', 'unknown parties']);
    expect(decide(unnamed(use)).reasons[0]?.message).toBe(
      `${use} makes a replica of somebody: nobody is named, and nobody is confirmed as seen here`,
    );
    const proposed = clearedFile().appearances?.map((row) => ({ ...row, status: 'proposed' as const }));
    expect(said(unnamed(use, { appearances: proposed ?? [] }, harbourShot))).toEqual([
      'REVIEW',
      'unknown parties',
      'appearance_proposed appearances/a1',
    ]);
  });

  test.each(replicas)('is one of those who are confirmed as seen and agreed (%s)', (use) => {
    expect(said(unnamed(use, {}, harbourShot))).toEqual(['ALLOW']);
    expect(said(unnamed(use, { consents: [c1] }, harbourShot))[0]).toBe('NEEDS_ACTION');
  });

  test('is asked for by no other use', () => {
    expect(said(unnamed('train.style'))).toEqual(['ALLOW']);
    expect(said(unnamed('distil'))).toEqual(['ALLOW']);
  });

  test('is a question that somebody can answer', () => {
    const question = unnamed('train.performer');
    const place = placeIn(question.ledger, { use: 'train.performer', territory: 'world' });
    const standing = questionsOf({ shotId: 's', fileId: 'f', ...decide(question) }, place);
    expect(standing).toMatchObject({ barred: false, questions: [{ row: 'parties' }] });
    expect(JSON.stringify(standing)).toContain('if it is said who is meant: train.performer makes a replica');
  });
});

describe('what is forbidden', () => {
  const guild = (...uses: Use[]) => ({
    restrictions: [
      { id: 'guild', titles: 'all' as const, uses, territories: ['world'], reason: 'no replicas' },
    ],
    consents: [c1, agreed('train.performer', 'generate.replica')],
  });

  test.each(targeted)('as replicas reaches whatever targets a performer (%s)', (use) => {
    expect(said(targeting({ use, rows: guild('generate.replica') }))).toEqual([
      'EXCLUDE',
      'restriction restrictions/guild',
    ]);
  });

  test.each(['train.style', 'distil'] as const)('as training is not let through by a replica (%s)', (use) => {
    expect(said(targeting({ use, rows: guild(use) }))).toEqual(['EXCLUDE', 'restriction restrictions/guild']);
  });

  test('as replicas reaches training on performers of whom none is named, and no other training', () => {
    const ask = (use: Use) =>
      said({ ...targeting({ use, rows: guild('generate.replica') }), performers: undefined });
    expect(ask('train.performer').slice(0, 2)).toEqual(['EXCLUDE', 'restriction restrictions/guild']);
    expect(ask('train.style')).toEqual(['ALLOW']);
  });

  test('a grant to train on performers is none to make replicas of them', () => {
    const grants = [{ ...g1, uses: ['train.performer' as const] }];
    expect(decide(asking({ use: 'generate.replica', ledger: ledgerWith({ grants }) })).outcome).toBe(
      'EXCLUDE',
    );
  });

  test('the owners must grant both the training and the replica', () => {
    const consents = [c1, agreed('train.performer')];
    const grants = [{ ...g1, uses: ['train.performer' as const] }];
    const reasons = ['EXCLUDE', 'use_not_granted grants/g1'];
    expect(said(targeting({ use: 'distil', rows: { grants, consents } }))).toEqual(reasons);
    expect(
      said(targeting({ use: 'distil', rows: { grants: [{ ...g1, uses: ['distil' as const] }], consents } })),
    ).toEqual(reasons);
  });
});

test('a workspace asked for a performer says the same one shot at a time, all at once and by signature', async () => {
  const { context, close } = await testContext();
  await catalogue(context, 'harbour', 'harbour.mp4');
  const path = join(context.paths.root, 'ledger.json');
  const consents = [c1, agreed('train.performer')];
  const grants = [{ ...g1, uses: granted }];
  await writeFile(path, JSON.stringify({ ...clearedFile(), grants, consents, appearances: [] }));
  await importLedger(context, path);
  const outcomesFor = async (performer?: string, use: Use = 'train.style') => {
    const ask = {
      use,
      territory: 'world',
      asOf: '2026-05-01',
      performers: performer === undefined ? [] : [performer],
    } as const;
    const one = await explainShot(context, 'sht_harbour-0', ask);
    const all = await decideShots(context, ask);
    const { signatures } = await listSignatures(context, ask);
    const { notices } = await checkRights(context, ask);
    return [
      one.outcome,
      all[0]?.outcome,
      signatures[0]?.outcome,
      notices.length,
      one.words.includes(performer ?? 'makes a replica of somebody'),
    ];
  };
  expect(await outcomesFor('nia')).toEqual(['ALLOW', 'ALLOW', 'ALLOW', 0, true]);
  expect(await outcomesFor('studio')).toEqual(['NEEDS_ACTION', 'NEEDS_ACTION', 'NEEDS_ACTION', 0, true]);
  expect(await outcomesFor('ghost')).toEqual(['REVIEW', 'REVIEW', 'REVIEW', 1, true]);
  // What was decided about one person must not be read as the answer to the same use without a name.
  expect(await context.db.select().from(tables.rightsDecisions)).toEqual([]);
  expect(await outcomesFor(undefined, 'train.performer')).toEqual(['REVIEW', 'REVIEW', 'REVIEW', 1, true]);
  await close();
});
