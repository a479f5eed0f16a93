import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Mark } from '../catalog/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideHoldings, decideShots, type Holdings, holdingsOf } from './bulk.ts';
import { catalogue, facts, forgetLedgers } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { markingOf } from './marking.ts';
import type { LedgerFile, Use } from './schema.ts';
import { listSignatures } from './signatures.ts';

let context: Context;
let close: () => Promise<void>;
let holdings: Holdings;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await cleared();
  holdings = await holdingsOf(context);
});
afterAll(() => close());

/** Harbour is cleared whole: Nia's consent and the grant reach every use asked here. */
async function cleared(parts: Partial<LedgerFile> = {}): Promise<void> {
  await forgetLedgers(context);
  const ledger = clearedFile();
  const uses: Use[] = ['train.style', 'condition'];
  const grants = ledger.grants?.map((grant) => ({ ...grant, uses }));
  const consents = ledger.consents?.map((consent) => ({ ...consent, uses, described: 'training' }));
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...ledger, grants, consents, ...parts }));
  await importLedger(context, path);
}

/** The workspace with the film saying so. */
const saying = (marks: Mark[]): Holdings => ({
  ...holdings,
  files: holdings.files.map((file) => ({ ...file, facts: { ...file.facts, marks } })),
});

async function says(...marks: Mark[]): Promise<void> {
  await context.db.update(tables.catalogFiles).set({ facts: { ...facts, marks } });
}

const ask = (use: Use) => ({ use, territory: 'world', asOf: '2026-05-01' });
const outcome = (marks: Mark[], use: Use) => decideHoldings(saying(marks), ask(use))[0]?.outcome;
const cawg = (entry: string, permission: Mark['permission'], info: string | null = null): Mark => ({
  ...{ standard: 'cawg.training-mining', says: entry, permission, info },
});
const iptc = (value: string, permission: Mark['permission']): Mark => ({
  ...{ standard: 'iptc.data-mining', says: value, permission, info: null },
});

describe("a file's own word", () => {
  it.each([
    [[], 'ALLOW', 'ALLOW', 'ALLOW'],
    [[cawg('cawg.ai_training', 'allowed')], 'ALLOW', 'ALLOW', 'ALLOW'],
    [[cawg('cawg.ai_generative_training', 'notAllowed')], 'EXCLUDE', 'ALLOW', 'ALLOW'],
    [[cawg('c2pa.ai_training', 'notAllowed')], 'EXCLUDE', 'ALLOW', 'ALLOW'],
    [[cawg('cawg.ai_inference', 'notAllowed')], 'EXCLUDE', 'EXCLUDE', 'ALLOW'],
    [[cawg('cawg.data_mining', 'notAllowed')], 'EXCLUDE', 'EXCLUDE', 'EXCLUDE'],
    [[cawg('cawg.ai_training', 'constrained', 'ask')], 'NEEDS_ACTION', 'ALLOW', 'ALLOW'],
    [[cawg('cawg.training-mining', 'unreadable')], 'NEEDS_ACTION', 'NEEDS_ACTION', 'NEEDS_ACTION'],
    [[cawg('com.example.own', 'notAllowed')], 'ALLOW', 'ALLOW', 'ALLOW'],
    [[iptc('DMI-PROHIBITED', 'notAllowed')], 'EXCLUDE', 'EXCLUDE', 'EXCLUDE'],
    [[iptc('DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING', 'notAllowed')], 'EXCLUDE', 'EXCLUDE', 'ALLOW'],
    [[iptc('DMI-PROHIBITED-SEECONSTRAINT', 'constrained')], 'NEEDS_ACTION', 'NEEDS_ACTION', 'NEEDS_ACTION'],
  ])('%j: training %s, conditioning %s, finding %s', (marks, train, condition, index) => {
    expect(outcome(marks, 'train.style')).toBe(train);
    expect(outcome(marks, 'condition')).toBe(condition);
    expect(outcome(marks, 'index')).toBe(index);
  });

  it('is a reason with its file, the same for one shot, for many and in SQL', async () => {
    await says(cawg('cawg.ai_training', 'notAllowed'));
    const row = 'restrictions/file-686172626f75-cawg.ai_training';
    const reason = {
      rule: 'restriction',
      row,
      message: 'harbour.mp4 itself says cawg.ai_training: not allowed',
    };
    const [decision] = await decideShots(context, ask('train.style'));
    expect(decision?.reasons).toEqual([reason]);
    const explained = await explainShot(context, 'sht_harbour-0', ask('train.style'));
    expect(explained.reasons).toEqual([reason]);
    const { signatures } = await listSignatures(context, ask('train.style'));
    expect(signatures[0]).toMatchObject({ outcome: 'EXCLUDE', reasons: [{ rule: 'restriction', row }] });
  });

  it('stands until a person puts a row of the same id into the ledger', async () => {
    await says(cawg('cawg.ai_training', 'notAllowed'));
    const row = { id: 'file-686172626f75-cawg.ai_training', titles: ['harbour'], territories: ['world'] };
    await cleared({
      restrictions: [
        { ...row, uses: ['sublicense'], reason: 'the mark was set by our own lab, see the letter' },
      ],
    });
    expect((await decideShots(context, ask('train.style')))[0]?.outcome).toBe('ALLOW');
  });

  it('is settled for the title that the row names: for another, whose the film is by now, it stands, in the whole library as for one shot', async () => {
    await says(cawg('cawg.ai_training', 'notAllowed'));
    const id = 'file-686172626f75-cawg.ai_training';
    const row = { id, titles: ['harbour'], territories: ['world'], uses: ['sublicense' as const] };
    const [harbour] = clearedFile().titles ?? [];
    const [g1] = clearedFile().grants ?? [];
    await cleared({
      titles: [
        { ...harbour, files: ['other.mp4'] },
        { ...harbour, id: 'pier' },
      ] as LedgerFile['titles'],
      grants: [{ ...g1, titles: ['pier'] }] as LedgerFile['grants'],
      ...{ consents: [], appearances: [] },
      restrictions: [{ ...row, reason: 'the mark was set by our own lab' }],
    });
    const [one] = await decideShots(context, ask('train.style'));
    expect(one?.outcome).toBe('EXCLUDE');
    const [alone] = await decideSome(context, [one?.shotId ?? ''], ask('train.style'));
    expect(alone?.outcome).toBe('EXCLUDE');
    const [signature] = (await listSignatures(context, ask('train.style'))).signatures;
    expect(signature?.outcome).toBe('EXCLUDE');
  });

  it('of another title is settled by a row of the id under which it is told then, in the whole library as for one shot', async () => {
    await says(cawg('cawg.ai_training', 'notAllowed'));
    const id = 'file-686172626f75-cawg.ai_training';
    const settled = { territories: ['world'], uses: ['sublicense' as const], reason: 'set by our own lab' };
    const [old, next] = [
      { ...settled, id, titles: ['harbour'] },
      { ...settled, id: `${id}-of-pier`, titles: ['pier'] },
    ];
    const [harbour] = clearedFile().titles ?? [];
    const [g1] = clearedFile().grants ?? [];
    const moved = {
      titles: [
        { ...harbour, files: ['other.mp4'] },
        { ...harbour, id: 'pier' },
      ],
      grants: [{ ...g1, titles: ['pier'] }],
      ...{ consents: [], appearances: [] },
    } as Partial<LedgerFile>;
    const outcomes = async () => {
      const [one] = await decideShots(context, ask('train.style'));
      const [alone] = await decideSome(context, [one?.shotId ?? ''], ask('train.style'));
      const [signature] = (await listSignatures(context, ask('train.style'))).signatures;
      return [one?.outcome, alone?.outcome, signature?.outcome];
    };
    await cleared({ ...moved, restrictions: [old] });
    const [told] = await decideShots(context, ask('train.style'));
    expect(told?.reasons).toMatchObject([{ row: `restrictions/${next.id}` }]);
    await cleared({ ...moved, restrictions: [old, next] });
    expect(await outcomes()).toEqual(['ALLOW', 'ALLOW', 'ALLOW']);
    await cleared({ ...moved, restrictions: [old, { ...next, titles: ['harbour'] }] });
    expect(await outcomes()).toEqual(['EXCLUDE', 'EXCLUDE', 'EXCLUDE']);
  });

  it('that was never looked for is told', async () => {
    const { marks: _, ...old } = facts;
    await context.db.update(tables.catalogFiles).set({ facts: old });
    const { notices } = await checkRights(context, ask('train.style'));
    expect(notices.join()).toContain('1 files were catalogued before their own word on training was read');
  });
});

describe('what copies of a title should say', () => {
  const entriesOf = async () => (await markingOf(context, 'harbour', '2026-05-01')).cawg.data.entries;

  it('forbids everything to third parties where grants are for the house alone', async () => {
    await says();
    await cleared();
    expect(await markingOf(context, 'harbour', '2026-05-01')).toMatchObject({
      cawg: {
        label: 'cawg.training-mining',
        data: {
          entries: { 'cawg.data_mining': { use: 'notAllowed' }, 'cawg.ai_training': { use: 'notAllowed' } },
        },
      },
      iptc: {
        'plus:DataMining': 'http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED',
        'plus:OtherConstraints': null,
      },
    });
  });

  it('is constrained, never allowed, where the ledger permits a use to third parties for every shot', async () => {
    const file = clearedFile();
    const open = { trainers: ['third-party' as const], uses: ['condition' as const] };
    await cleared({
      grants: file.grants?.map((grant) => ({ ...grant, ...open })),
      consents: file.consents?.map((consent) => ({ ...consent, ...open })),
    });
    const entries = await entriesOf();
    expect(entries['cawg.ai_inference']).toEqual({
      ...{ use: 'constrained', constraint_info: 'By licence of its owners only.' },
    });
    expect(entries['cawg.ai_generative_training']).toEqual({ use: 'notAllowed' });
    // What it then says is what we would read it as.
    expect((await markingOf(context, 'harbour', '2026-05-01')).iptc['plus:DataMining']).toMatch(
      /SEECONSTRAINT$/,
    );
  });

  it('of a title without shots is not guessed', async () => {
    await expect(markingOf(context, 'quarry', '2026-05-01')).rejects.toMatchObject({ code: 'no-such-row' });
  });
});
