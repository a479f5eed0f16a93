import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { withAlike } from './copies.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { clearedFile } from './ledgers.test-support.ts';
import type { LedgerFile } from './schema.ts';
import { listSignatures } from './signatures.ts';
import { unlock } from './unlock.ts';

let context: Context;
let close: () => Promise<void>;
const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;

/** The first shots of two films show the same. */
beforeAll(async () => {
  ({ context, close } = await testContext());
  await catalogue(context, 'harbour', 'harbour.mp4');
  await catalogue(context, 'quarry', 'quarry.mp4');
  const at = (shot: string) => ({ shot, in: 0, out: 24 });
  const facts = { a: at('sht_harbour-0'), b: at('sht_quarry-0'), kinds: [], similarity: 0.99, speed: 1 };
  await context.db.insert(tables.shotsCopies).values({ a: facts.a.shot, b: facts.b.shot, facts });
});
afterAll(() => close());

async function record(parts: Partial<LedgerFile> = {}): Promise<void> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), ...parts }));
  await importLedger(context, path);
}

/** Quarry is somebody else's, who permits nothing. */
const withQuarry = (): Partial<LedgerFile> => ({
  titles: [
    ...(clearedFile().titles ?? []),
    { id: 'quarry', name: 'Quarry', files: ['quarry.mp4'], shares: [{ party: 'nia', share: '100%' }] },
  ],
});

const outcomesOf = async () =>
  (await decideShots(context, day)).map(({ shotId, outcome }) => `${shotId} ${outcome}`).sort();

test('a copy of which nobody knows whose it is says nothing', async () => {
  await record();
  expect(await outcomesOf()).toContain('sht_harbour-0 ALLOW');
});

test('an allowed shot that shows what a refused one shows waits for a person, with that shot named', async () => {
  await record(withQuarry());
  expect(await outcomesOf()).toEqual([
    'sht_harbour-0 REVIEW',
    'sht_harbour-1 ALLOW',
    'sht_quarry-0 EXCLUDE',
    'sht_quarry-1 EXCLUDE',
  ]);
  const { outcome, reasons, words } = await explainShot(context, 'sht_harbour-0', day);
  expect({ outcome, reasons: reasons.map(({ rule, row }) => [rule, row]) }).toEqual({
    outcome: 'REVIEW',
    reasons: [['copy_of_refused', 'shots/sht_quarry-0']],
  });
  expect(words).toContain('nia grants nothing for Quarry');
  const listed = (await listSignatures(context, day)).signatures.map(({ example, outcome: one }) => [
    example,
    one,
  ]);
  expect(listed).toContainEqual(['sht_harbour-0', 'REVIEW']);
  const questions = (await unlock(context, day, new Map())).answers.flatMap((answer) => answer.questions);
  expect(questions.map(({ row }) => row)).toContain('shots/sht_quarry-0');
});

test('it is allowed again once a person has said that both pictures stay, as they differ', async () => {
  await record(withQuarry());
  const shots = ['sht_harbour-0', 'sht_quarry-0'];
  await context.db.insert(tables.shotsChoices).values({ shots, who: 'Lea' });
  expect(await outcomesOf()).toContain('sht_harbour-0 ALLOW');
});

test('what is alike is followed over several steps', () => {
  expect(
    [
      ...withAlike(
        ['a'],
        [
          ['b', 'a'],
          ['b', 'c'],
          ['d', 'e'],
        ],
      ),
    ].sort(),
  ).toEqual(['a', 'b', 'c']);
});
