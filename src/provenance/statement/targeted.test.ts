import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import { tables } from '../../db/index.ts';
import { NEWEST_RULE } from '../statement-rules.ts';
import { type ParticipantStatement, statementOutputSchema } from '../statement-schema.ts';
import { fillAccounts } from './accounts.test-support.ts';
import { verifyStatement, writeStatements } from './statement.ts';
import { statementWords } from './words.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
const { datasetSnapshots } = tables;

/** Its dataset is frozen for Ann, who is confirmed in shots of both films, and for Bob, who is confirmed in none. */
beforeAll(async () => {
  workspace = await testContext();
  const { db } = workspace.context;
  await fillAccounts(workspace.context);
  const [row] = await db.select().from(datasetSnapshots);
  const record = row?.record as { options: object };
  const options = { ...record.options, use: 'train.performer', performers: ['ann', 'bob'] };
  await db
    .update(datasetSnapshots)
    .set({ record: { ...record, options } })
    .where(eq(datasetSnapshots.id, 'dst_1'));
});
afterAll(() => workspace.close());

const at = (name: string) => join(workspace.context.paths.root, name);

async function writtenBy(rule: string) {
  const pool = at(`${rule}.yaml`);
  await writeFile(pool, `{version: 1, name: A, rule: ${rule}, training: {performers: 10.00 EUR}}`);
  return writeStatements(workspace.context, { from: '2026-01-01', until: '2026-01-31', pool, to: at(rule) });
}

it('a performer whom a training targeted and the ledger confirms in no shot has a statement, which says that the rule gives nothing', async () => {
  const written = await writtenBy(NEWEST_RULE);
  const file = at(`${NEWEST_RULE}/participant-bob.json`);
  const bob: ParticipantStatement = JSON.parse(await readFile(file, 'utf8'));
  const line = { role: 'performer', basis: 'targeted', shots: 2, seen: 10, seconds: '40/3', counted: '0' };
  expect(bob.exposure.map(({ title }) => title.id).sort()).toEqual(['harbour', 'quarry']);
  expect(bob.exposure).toMatchObject([line, line]);
  expect(bob.amounts).toMatchObject([{ counted: '0', due: '0.00 EUR' }]);
  expect(await readFile(file.replace('.json', '.html'), 'utf8')).toContain('nothing is counted for that');
  expect(statementWords(statementOutputSchema.parse(written))).toMatch(
    /Bob Example \(bob\).*targeted by run_\w+: the rule counts nothing for that/,
  );
  expect(await verifyStatement(workspace.context, file)).toMatchObject({ matches: true, whole: true });
});

it('who is targeted and confirmed is counted where confirmed, and not told as targeted there', async () => {
  const file = at(`${NEWEST_RULE}/participant-ann.json`);
  const ann: ParticipantStatement = JSON.parse(await readFile(file, 'utf8'));
  expect(ann.exposure.map(({ basis }) => basis)).toEqual([undefined, undefined]);
  expect(ann.amounts).toMatchObject([{ counted: '20', due: '10.00 EUR' }]);
});

it('by the rules of before nobody is added, so that their statements come out the same; it is said whom they leave out', async () => {
  const { summary, notices } = await writtenBy('exposure-2');
  expect(summary.participants.map(({ id }) => id)).toEqual(['ann', 'studio', 'heirs'].sort());
  expect(notices.join(' ')).toMatch(/exposure-2 has no line for who is targeted .*bob/);
  expect((await verifyStatement(workspace.context, at('exposure-2/summary.json'))).matches).toBe(true);
});
