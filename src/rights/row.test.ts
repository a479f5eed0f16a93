import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { ledgerRow } from './row.ts';
import { rowWords } from './row-words.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext());
});
afterAll(() => close());

const hash = 'a'.repeat(64);
const deal = {
  ...{ id: 'deal', name: 'Deal of May', kind: 'contract' as const, parties: ['studio'], sha256: hash },
  clauses: [{ id: 'c9', page: 12, text: 'May be used to train.' }],
};

const duty = { id: 'o1', kind: 'notify', to: 'nia', titles: 'all', uses: ['eval'], territories: ['world'] };
const obligations = [{ ...duty, done: '2026-05-02', fulfilled: { agreement: 'deal', page: 3 } }];

async function putInForce(grants: object[], more: object = {}): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), agreements: [deal], grants, ...more }));
  await importLedger(context, path);
}

test('a row is shown with who recorded it, what it replaced, and clause, page and hash of the document', async () => {
  const [grant] = clearedFile().grants ?? [];
  const evidence = { agreement: 'deal', clause: 'c9' };
  await putInForce([{ ...grant, evidence }], { obligations });
  await putInForce(
    [
      { ...grant, id: 'g2', supersedes: 'g1' },
      { ...grant, evidence, note: 'amended' },
    ],
    { obligations },
  );
  const shown = await ledgerRow(context, 'grants/g1');
  expect(shown).toMatchObject({ inForce: false, replacedBy: ['grants/g2'] });
  expect(shown.versions.map(({ content, recordedBy }) => [content === null, recordedBy])).toEqual([
    [true, 'test'],
    [false, 'test'],
    [false, 'test'],
  ]);
  expect(shown.versions[0]?.supersedes).toBe(shown.versions[2]?.id);
  expect(shown.versions[1]).toMatchObject({
    content: { note: 'amended' },
    supersedes: shown.versions[2]?.id,
  });
  const words = rowWords(shown);
  expect(words).toContain(
    `the row is written in Deal of May (agreements/deal, clause c9, page 12, sha256 ${hash}): "May be used to train."`,
  );
  expect(words).toMatch(
    /grants\/g1, no longer in force, replaced by grants\/g2[\s\S]*recorded 20.*Z by test from /,
  );
  expect(words.match(/not legal advice/g)).toHaveLength(1);
  expect((await ledgerRow(context, 'obligations/o1')).documents).toMatchObject([
    { for: 'its fulfilment', agreement: 'deal', page: 3, clause: null },
  ]);
});

test('documents of a duty done and of the chain of title must be known', async () => {
  const [title] = clearedFile().titles ?? [];
  const unknown = { agreement: 'letter' };
  const chain = [{ from: 'nia', to: 'studio', share: '100%', evidence: unknown }];
  const refused = putInForce(clearedFile().grants ?? [], { titles: [{ ...title, chain }] });
  await expect(refused).rejects.toThrow(
    'chain[0].evidence.agreement: expected the id of one of the agreements',
  );
  const undocumented = [{ ...duty, done: '2026-05-02', fulfilled: unknown }];
  await expect(putInForce(clearedFile().grants ?? [], { obligations: undocumented })).rejects.toThrow(
    'fulfilled.agreement: expected the id of one of the agreements',
  );
});

test('a row that was never recorded, or no row at all, is refused', async () => {
  await expect(ledgerRow(context, 'grants/g9')).rejects.toMatchObject({ code: 'no-such-row' });
  await expect(ledgerRow(context, 'wishes/g1')).rejects.toMatchObject({ code: 'no-such-row' });
});

test('of a row that another of its file replaced is told that it never was in force, and in which words', async () => {
  const [grant] = clearedFile().grants ?? [];
  const [old, next] = [
    { ...grant, id: 'k1' },
    { ...grant, id: 'k2', supersedes: 'k1' },
  ];
  const evidence = { agreement: 'deal', clause: 'c9' };
  await putInForce([{ ...old, evidence }, next], { obligations });
  const words = rowWords(await ledgerRow(context, 'grants/k1'));
  expect(words).toContain('grants/k1, never in force, replaced by grants/k2\n');
  expect(words).toMatch(/k1\/replaced, recorded .* \(replaced in the same recording, never in force\)\n/);
  const second = rowWords(await ledgerRow(context, 'grants/k2'));
  expect(second).toContain('grants/k2, in force\n');
  expect(second).not.toContain('never in force');
  const third = { ...next, id: 'k3', supersedes: 'k2' };
  await putInForce([{ ...next, note: 'late', evidence }, third], { obligations });
  const gone = await ledgerRow(context, 'grants/k2');
  expect(rowWords(gone)).toContain('grants/k2, no longer in force, replaced by grants/k3\n');
  expect(gone.documents).toEqual([]);
});
