import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { decide } from './decide.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { asking, clearedFile, harbourShot, ledgerWith } from './ledgers.test-support.ts';
import { askSchema, type LedgerFile } from './schema.ts';
import { listSignatures } from './signatures.ts';
import { sliceFor } from './slice.ts';

/** Nia and Tom have agreed to replicas of Harbour; neither is seen in the shot. */
const [c1] = clearedFile().consents as [NonNullable<LedgerFile['consents']>[number]];
const [g1] = clearedFile().grants as [NonNullable<LedgerFile['grants']>[number]];
const tom = { id: 'tom', kind: 'person' as const, name: 'Tom Achterberg' };
const replica = { described: 'a double', advisedBy: 'union' as const, uses: ['train.performer' as const] };
const nias = { ...c1, ...replica, id: 'nia-agreed' };
const toms = { ...nias, id: 'tom-agreed', party: 'tom' };
const ledgerOf = (consents: LedgerFile['consents']): LedgerFile => ({
  ...clearedFile(),
  parties: [...(clearedFile().parties ?? []), tom],
  grants: [{ ...g1, uses: ['train.style', 'train.performer'] }],
  ...{ consents, appearances: [] },
});

const both = ['nia', 'tom'];
const deciding = (consents: LedgerFile['consents'], performers = both) =>
  decide(
    asking({ performers, shot: { ...harbourShot, in: 48, out: 72 }, ledger: ledgerWith(ledgerOf(consents)) }),
  );
const told = ({ outcome, reasons }: ReturnType<typeof deciding>) => [
  outcome,
  ...reasons.map(({ rule, row, message }) => `${rule} ${row}: ${message}`),
];

test('two performers who both agreed are allowed together', () => {
  expect(told(deciding([nias, toms]))).toEqual(['ALLOW']);
});

test('where one of two refuses the shot is out, and the reason says who', () => {
  const no = { ...toms, id: 'no', answer: 'refused' as const };
  expect(told(deciding([nias, toms, no]))).toEqual([
    'EXCLUDE',
    `consent_refused consents/no: tom refused train.performer; consents/${toms.id} permits it and does not lift that: what was agreed to since says so by lifts: [no]`,
  ]);
  expect(told(deciding([nias, toms, no], ['nia']))).toEqual(['ALLOW']);
});

test('where both have not agreed, and one is in no ledger, all is told with whose it is', () => {
  expect(told(deciding([], ['ghost', 'nia', 'tom']))).toEqual([
    'REVIEW',
    'unknown parties: ghost is targeted, and no party of the ledger is called so',
    'consent_missing parties/nia: nia is targeted and has not consented to train.performer',
    'consent_missing parties/tom: tom is targeted and has not consented to train.performer',
  ]);
});

test('they are decided by the rows around one file as by the whole ledger', () => {
  const ledger = ledgerWith(ledgerOf([nias, toms]));
  const question = asking({ performers: both, ledger });
  const slice = sliceFor(ledger, 'harbour', harbourShot.file, both);
  expect(decide({ ...question, ledger: slice })).toEqual(decide(question));
});

test('a question names each once, in order, however it is given', () => {
  expect(askSchema.parse({ performers: ['tom', 'nia', 'tom'] }).performers).toEqual(both);
});

test('a workspace says the same one shot at a time, all at once and by signature, and keeps none of it', async () => {
  const { context, close } = await testContext();
  await catalogue(context, 'harbour', 'harbour.mp4');
  const outcomes = async (consents: LedgerFile['consents'], performers: string[]) => {
    const path = join(context.paths.root, 'ledger.json');
    await writeFile(path, JSON.stringify(ledgerOf(consents)));
    await importLedger(context, path);
    const ask = { use: 'train.style', territory: 'world', asOf: '2026-05-01', performers } as const;
    const { outcome, words } = await explainShot(context, 'sht_harbour-0', ask);
    expect(words).toContain(`targeting ${performers.join(' and ')}`);
    const [all] = await decideShots(context, ask);
    const { signatures } = await listSignatures(context, ask);
    expect([all?.outcome, signatures[0]?.outcome]).toEqual([outcome, outcome]);
    return [outcome, (await checkRights(context, ask)).notices.length];
  };
  expect(await outcomes([nias, toms], both)).toEqual(['ALLOW', 0]);
  expect(await outcomes([nias], both)).toEqual(['NEEDS_ACTION', 0]);
  expect(await outcomes([nias, toms], ['ghost', 'nobody', 'tom'])).toEqual(['REVIEW', 2]);
  expect(await context.db.select().from(tables.rightsDecisions)).toEqual([]);
  await close();
});

test('an explanation for performers says of each thing that is asked which grants cover it', async () => {
  const { context, close } = await testContext();
  await catalogue(context, 'harbour', 'harbour.mp4');
  const style = { ...g1, id: 'g-style', uses: ['train.style' as const] };
  const grants = [style, { ...g1, id: 'g-berlin', uses: ['train.performer' as const], territories: ['DE'] }];
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...ledgerOf([nias, toms]), grants }));
  await importLedger(context, path);
  const ask = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const explained = await explainShot(context, 'sht_harbour-0', { ...ask, performers: both });
  expect(explained).toMatchObject({
    grants: ['g-style'],
    covered: [
      { use: 'train.style', performer: null, grants: ['g-style'] },
      { use: 'train.performer', performer: 'nia', grants: [] },
      { use: 'train.performer', performer: 'tom', grants: [] },
    ],
  });
  expect(explained.words).toContain('  train.style is covered by grants/g-style, recorded');
  expect(explained.words).toContain('  no grant covers train.performer of nia');
  const berlin = await explainShot(context, 'sht_harbour-0', {
    ...ask,
    territory: 'DE',
    performers: ['tom'],
  });
  expect(berlin.words).toContain('  train.performer of tom is covered by grants/g-berlin, recorded');
  const plain = await explainShot(context, 'sht_harbour-0', ask);
  expect(plain.words).toContain('  covered by grants/g-style, recorded');
  await close();
});
