import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideShots } from './bulk.ts';
import { catalogue, forgetLedgers } from './catalogued.test-support.ts';
import { correctAppearance } from './correct.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { proposeMapping } from './mapping.ts';
import { importRegister } from './register.ts';
import { revoke } from './revoke.ts';
import { ledgerRow } from './row.ts';
import { correctInputSchema, type Ledger, type LedgerFile, revokeInputSchema } from './schema.ts';
import { currentLedger } from './store.ts';

const now = '2026-05-01T09:00:00.000Z';
const ask = { use: 'train.style', territory: 'world', asOf: '2026-06-01', trainer: 'in-house' } as const;
let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
});
afterAll(() => close());
beforeEach(() => forgetLedgers(context));

async function importing(document: object): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(document));
  await importLedger(context, path);
}

/** The ledger in force once the row was withdrawn. */
async function withdrawn(target: object, file: LedgerFile = clearedFile()): Promise<Ledger> {
  await importing(file);
  await revoke(context, revokeInputSchema.parse(target), now);
  return (await currentLedger(context.db))?.document as Ledger;
}

const outcomes = async () =>
  (await decideShots(context, ask)).map(({ outcome }) => outcome).filter((one) => one === 'ALLOW');

const other = (id: string, row: object = {}) => ({ ...clearedFile().parties?.[1], id, name: id, ...row });
const undone = (rows: string) =>
  expect.objectContaining({
    code: 'ledger-undoes-withdrawal',
    message: expect.stringMatching(new RegExp(`${rows}[^]*backlot rights row`)),
  });

describe('a ledger that leaves out what was withdrawn is refused, and nothing is allowed again', () => {
  test.each([
    [
      { party: 'nia' },
      { parties: ['studio'], consents: [], appearances: [] },
      'parties/nia: withdrawn: 2026',
    ],
    [{ consent: 'c1' }, { consents: [], appearances: [] }, 'consents/c1: withdrawn: 2026'],
    [{ grant: 'g1' }, { grants: [] }, 'grants/g1: withdrawn: 2026'],
    [
      { title: 'harbour' },
      { titles: [], grants: [], consents: [], appearances: [] },
      'titles/harbour: withdrawn: 2026',
    ],
  ] as const)('%j', async (target, left, row) => {
    const ledger = await withdrawn(target);
    const kept = Object.entries(left).map(([section, ids]) => [
      section,
      ledger[section as 'parties'].filter(({ id }) => (ids as readonly string[]).includes(id)),
    ]);
    await expect(importing({ ...ledger, ...Object.fromEntries(kept) })).rejects.toThrow(undone(row));
    expect(await outcomes()).toEqual([]);
  });
});

describe('where a withdrawn party, or one whose consent was, is seen must stay', () => {
  const [a1] = clearedFile().appearances ?? [];
  const seen = 'appearances/a1: confirmed, of nia in harbour, harbour.mp4';
  const changes: [string, object[]][] = [
    ['left out', []],
    ['of somebody else', [{ ...a1, party: 'ann' }]],
    ['supposed only', [{ ...a1, status: 'proposed' }]],
    ['in fewer shots', [{ ...a1, shots: [{ in: 0, out: 24 }] }]],
    ['replaced by one of somebody else', [a1 as object, { ...a1, id: 'a2', party: 'ann', supersedes: 'a1' }]],
    ['nowhere', [{ ...a1, id: 'a2', shots: 'none', note: 'her double', supersedes: 'a1' }]],
    [
      'replaced by one in fewer shots',
      [a1 as object, { ...a1, id: 'a2', shots: [{ in: 0, out: 24 }], supersedes: 'a1' }],
    ],
  ];
  test.each(changes)('%s', async (_, appearances) => {
    for (const target of [{ party: 'nia' }, { consent: 'c1' }]) {
      await forgetLedgers(context);
      const ledger = await withdrawn(target);
      const parties = [...ledger.parties, other('ann')];
      await expect(importing({ ...ledger, parties, appearances })).rejects.toThrow(undone(seen));
    }
  });

  test('a person corrects a mistaken one: it waits, then may be left out, and the withdrawal stands', async () => {
    const ledger = await withdrawn({ party: 'nia' });
    const said = { appearance: 'a1', reason: 'her double, by the call sheet of 4 June', by: 'Ada' };
    const corrected = await correctAppearance(context, said, now);
    expect(corrected).toMatchObject({ row: 'appearances/a1', status: 'proposed' });
    expect(await outcomes()).toEqual([]);
    const { versions } = await ledgerRow(context, 'appearances/a1');
    const note = 'not confirmed any more on 2026-05-01 by Ada: her double, by the call sheet of 4 June';
    expect(versions).toMatchObject([
      { source: 'correction of appearances/a1', content: { status: 'proposed', note } },
      { content: { status: 'confirmed' } },
    ]);
    expect(versions[0]?.supersedes).toBe(versions[1]?.id);
    const [act] = await context.db
      .select()
      .from(tables.provenanceAudit)
      .where(eq(tables.provenanceAudit.what, 'rights.correct'));
    expect(act).toMatchObject({ subject: 'appearances/a1', details: { by: 'Ada', reason: said.reason } });
    const alive = ledger.parties.map(({ withdrawn: _, ...party }) => party);
    await expect(importing({ ...ledger, parties: alive, appearances: [] })).rejects.toThrow(
      undone('parties/nia: withdrawn'),
    );
    const left = importing({ ...ledger, appearances: [] });
    await expect(left).rejects.toThrow(undone('appearances/a1: {"id":"a1"'));
    const nowhere = { ...a1, id: 'a2', shots: 'none', supersedes: 'a1', note: 'her double' };
    await importing({ ...ledger, appearances: [nowhere] });
    expect((await currentLedger(context.db))?.document.parties[1]).toHaveProperty('withdrawn');
    await expect(correctAppearance(context, said, now)).rejects.toMatchObject({ code: 'no-such-row' });
  });

  test('a correction is of one that is confirmed, and its reason is plain text', async () => {
    await withdrawn(
      { party: 'nia' },
      { ...clearedFile(), appearances: [{ ...a1, status: 'proposed' }] as never },
    );
    const said = { appearance: 'a1', reason: 'her double' };
    const again = correctAppearance(context, said, now);
    await expect(again).rejects.toMatchObject({ code: 'not-confirmed' });
    expect(correctInputSchema.safeParse({ ...said, reason: '<b>' }).success).toBe(false);
  });

  test('under another id, or in more shots, it does', async () => {
    const ledger = await withdrawn({ party: 'nia' });
    await importing({ ...ledger, appearances: [{ ...a1, id: 'a2', note: 'renamed' }] });
    await importing({ ...ledger, appearances: [{ ...a1, shots: 'all' }] });
    expect(await outcomes()).toEqual([]);
  });
});

test('a refusal is neither left out nor turned into a consent; a row of its own lifts it', async () => {
  const [c1] = clearedFile().consents ?? [];
  const refused = { ...c1, answer: 'refused' };
  const with_ = (...consents: object[]) => importing({ ...clearedFile(), consents });
  await with_(refused);
  await expect(with_()).rejects.toThrow(undone('consents/c1: answer: refused'));
  await expect(importing(clearedFile())).rejects.toThrow('consents/c1: answer: refused');
  await with_(refused, { ...c1, id: 'c2', on: '2026-03-01', lifts: ['c1'] });
  expect(await outcomes()).toHaveLength(2);
});

describe('what is forbidden is forbidden for all that it was, until a row of its own replaces it', () => {
  const [c1] = clearedFile().consents ?? [];
  const wide = { titles: ['harbour'], uses: ['train.style', 'generate.final'], territories: ['world'] };
  const refused = { ...c1, ...wide, answer: 'refused' };
  const ban = { id: 'r1', ...wide, imposedBy: 'nia', reason: 'no' };
  const less: [string, object][] = [
    ['uses', { uses: ['generate.final'] }],
    ['territories', { territories: ['DE'] }],
    ['until', { until: '2026-05-01' }],
    ['from', { from: '2031-01-01' }],
    ['models', { models: ['wan'] }],
    ['trainers', { trainers: ['vendor'] }],
    ['outputs', { outputs: ['ad'] }],
  ];
  const file = (section: 'consents' | 'restrictions', ...rows: object[]) => ({
    ...clearedFile(),
    [section]: rows,
  });

  describe.each([
    ['consents', refused],
    ['restrictions', ban],
  ] as const)('%s', (section, row) => {
    test.each([
      ...less,
      ...(section === 'restrictions' ? [['unless', { unless: 'approved' }] as const] : []),
    ])('%s', async (field, parts) => {
      await importing(file(section, row));
      const narrowed = importing(file(section, { ...row, ...parts }));
      await expect(narrowed).rejects.toThrow(undone(`${section}/${row.id}: ${field}: `));
      expect(await outcomes()).toEqual([]);
      const replaced = importing(file(section, row, { ...row, ...parts, id: 'new', supersedes: row.id }));
      // What begins later leaves the time until then without it (ADR 0167).
      await (field === 'from' ? expect(replaced).rejects.toThrow('no later than') : replaced);
    });

    test('more is kept for more', async () => {
      const { until: _, ...forever } = { ...row, until: '2030-01-01' };
      await importing(file(section, { ...forever, until: '2030-01-01', uses: ['train.style'] }));
      await importing(file(section, { ...forever, uses: ['index'] }));
      expect(await outcomes()).toEqual([]);
    });
  });

  test('of another party, or for other titles', async () => {
    const parties = [...(clearedFile().parties ?? []), other('ann')];
    const both = [
      ...(clearedFile().titles ?? []),
      { ...clearedFile().titles?.[0], id: 'pier', files: ['pier.mp4'] },
    ];
    const with_ = (parts: object) =>
      importing({ ...clearedFile(), parties, titles: both, consents: [{ ...refused, ...parts }] });
    await with_({});
    await expect(with_({ party: 'ann' })).rejects.toThrow(undone('consents/c1: party: '));
    await expect(with_({ titles: ['pier'] })).rejects.toThrow(undone('consents/c1: titles: '));
  });
});

test('nor is it turned into a consent by a register', async () => {
  const [c1] = clearedFile().consents ?? [];
  await importing({ ...clearedFile(), consents: [{ ...c1, answer: 'refused' }] });
  const csv = join(context.paths.root, 'consents.csv');
  await writeFile(csv, 'id,party,answer,titles,uses,territories\nc1,nia,given,harbour,train.style,world\n');
  const mapping = `${csv}.yaml`;
  await proposeMapping(csv, 'consents', mapping);
  await writeFile(mapping, (await readFile(mapping, 'utf8')).replace('confirmed: false', 'confirmed: true'));
  await expect(importRegister(context, csv, mapping)).rejects.toThrow(undone('consents/c1: answer: refused'));
  expect(await outcomes()).toEqual([]);
});

test('rows of which nothing was withdrawn are left out as ever', async () => {
  const ledger = await withdrawn({ party: 'nia' });
  const more = { ...ledger, parties: [...ledger.parties, other('ann')], grants: [...ledger.grants] };
  await importing(more);
  await importing({ ...ledger, grants: [] });
  expect((await currentLedger(context.db))?.document.parties.map(({ id }) => id)).toEqual(['studio', 'nia']);
});

describe('a withdrawn title', () => {
  const pier = (files: string[]) => ({ ...clearedFile().titles?.[0], id: 'pier', name: 'Pier', files });
  const grant = { ...clearedFile().grants?.[0], id: 'g2', titles: ['pier'] };

  test('keeps its files', async () => {
    const ledger = await withdrawn({ title: 'harbour' });
    const titles = [{ ...ledger.titles[0], files: ['other.mp4'] }, pier(['harbour.mp4'])];
    const appearances = [{ ...ledger.appearances[0], file: 'other.mp4' }];
    const moved = importing({ ...ledger, titles, appearances, grants: [...ledger.grants, grant] });
    await expect(moved).rejects.toThrow(undone('titles/harbour: files: harbour.mp4'));
  });

  test('is not allowed under the id of another that names its file too, in the whole library and around a shot', async () => {
    const ledger = await withdrawn({ title: 'harbour' });
    const bytes = Buffer.from('harbour').toString('hex').padEnd(64, '0');
    await importing({
      ...ledger,
      titles: [...ledger.titles, pier([bytes])],
      grants: [...ledger.grants, grant],
    });
    const all = (await decideShots(context, ask)).filter(({ fileId }) => fileId === 'fil_harbour');
    expect(all.map(({ outcome, reasons }) => [outcome, reasons[0]?.rule])).toEqual([
      ['REVIEW', 'unknown'],
      ['REVIEW', 'unknown'],
    ]);
    expect(await decideSome(context, ['sht_harbour-0'], ask)).toEqual([all[0]]);
  });
});
