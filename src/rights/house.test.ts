import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { testContext } from '../../test/support/context.ts';
import { catalogue } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { decide } from './decide.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { asking, clearedFile, ledgerWith, placeIn } from './ledgers.test-support.ts';
import { questionsOf } from './questions.ts';
import { readLedger } from './read.ts';
import { grant, refusal, withRow } from './refusals.test-support.ts';
import { ledgerRow } from './row.ts';
import type { Grant, LedgerFile } from './schema.ts';
import { listSignatures } from './signatures.ts';
import { unlock } from './unlock.ts';

const house = { id: 'house', house: 'studio' };
const given: Grant = { ...grant, id: 'g1', uses: ['train.style'] };
const to = (grantee: string, parts: Partial<Grant> = {}): Grant => ({ ...given, grantee, ...parts });
const deciding = (grants: Grant[], parts: Partial<LedgerFile> = {}, asked = {}) =>
  decide(asking({ ledger: ledgerWith({ grants, policies: [house], ...parts }), ...asked }));
const assumed = (decision: ReturnType<typeof decide>) =>
  decision.assumptions.filter(({ assumption }) => assumption === 'house_not_stated').map(({ row }) => row);

test('a grant to somebody else than the house clears nothing here, and is what comes nearest', () => {
  const decision = deciding([to('nia')]);
  const message = 'is given to nia, not to studio, whose house this is';
  expect(decision).toMatchObject({ outcome: 'EXCLUDE', grants: [] });
  expect(decision.reasons).toEqual([{ rule: 'grantee', row: 'grants/g1', message }]);
  const miss = { dimension: 'grantee', rule: 'grantee', message, days: null };
  expect(decision.nearestMiss).toEqual({ grant: 'g1', misses: [miss] });
  const place = placeIn(ledgerWith({ grants: [to('nia')] }), { use: 'train.style', territory: 'world' });
  expect(questionsOf({ ...decision, shotId: '', fileId: '' }, place)).toMatchObject({
    questions: [{ says: 'if The Studio grants train.style in world for harbour (nearest: grants/g1)' }],
  });
});

test('a grant to the house clears, and so does one that names nobody: nothing is assumed', () => {
  for (const own of [to('studio'), given]) {
    const decision = deciding([own]);
    expect(decision).toMatchObject({ outcome: 'ALLOW', grants: ['g1'] });
    expect(assumed(decision)).toEqual([]);
  }
});

test('who else trains for the house does so by a grant to the house', () => {
  for (const trainer of ['vendor', 'third-party'] as const) {
    const parts = { trainers: [trainer] };
    const decided = (grantee: string) => deciding([to(grantee, parts)], { appearances: [] }, { trainer });
    expect(decided('nia').reasons).toMatchObject([{ rule: 'grantee' }]);
    expect(decided('studio').outcome).toBe('ALLOW');
  }
});

test('where no house is stated a grant to somebody clears, and the decision says what it rests on', () => {
  const unsaid = { policies: [{ id: 'casts', cast: 'stated' as const }] };
  const casts = [{ id: 'k1', title: 'harbour', by: 'studio', on: '2026-01-01' }];
  const decision = deciding([to('nia')], { ...unsaid, casts, inventories: casts });
  expect(decision).toMatchObject({ outcome: 'ALLOW', grants: ['g1'] });
  expect(decision.assumptions).toEqual([
    {
      ...{ assumption: 'house_not_stated', row: 'grants/g1' },
      message: 'grants/g1 is given to nia, and nobody has stated whose house this is',
    },
  ]);
  expect(assumed(deciding([to('nia'), { ...given, id: 'g2' }], unsaid))).toEqual([]);
  expect(assumed(deciding([to('nia', { territories: ['DE'] }), { ...given, id: 'g2' }], unsaid))).toEqual([]);
});

test('both questions about a performer may rest on it, each by its own grant', () => {
  const grants = [to('nia'), { ...given, id: 'g2', uses: ['train.performer' as const] }];
  const decision = deciding(grants, { policies: [] }, { performers: ['nia'] });
  expect(assumed(decision)).toEqual(['grants/g1']);
});

test("a licence for others' material is for the house too", () => {
  const material = { id: 'm1', kind: 'music' as const, owner: 'nia', title: 'harbour', file: 'harbour.mp4' };
  const materials = [{ ...material, shots: 'all' as const, status: 'confirmed' as const }];
  const licence = to('nia', { id: 'g3', grantor: 'nia', materials: ['m1'] });
  const { reasons } = deciding([given, licence], { materials });
  expect(reasons).toMatchObject([
    { rule: 'material_not_cleared', message: expect.stringContaining('grants/g3 is given to nia') },
  ]);
  const unsaid = deciding([given, licence], { materials, policies: [] });
  expect(unsaid.outcome).toBe('ALLOW');
  expect(assumed(unsaid)).toEqual(['grants/g3']);
});

test('the house is a party, is stated once, and a policy says one thing', () => {
  expect(refusal(withRow('policies', { id: 'h', house: 'ghost' })).join()).toContain(
    'expected the id of one of the parties, found "ghost"',
  );
  const of = (policies: object[]) => stringify({ ...clearedFile(), policies });
  const other = { id: 'other', house: 'nia' };
  expect(refusal(of([house, other])).join()).toContain('expected one house, found "nia" beside "studio"');
  expect(readLedger(of([house, { ...other, supersedes: 'house' }]), 'ledger.yaml').policies).toHaveLength(2);
  const both = refusal(of([{ ...house, cast: 'stated' }]));
  expect(both.join()).toContain('cast, materials or house');
  expect(refusal(of([{ id: 'nothing' }])).join()).toContain('cast, materials or house');
});

test('an exclusive grant to the house and one that names nobody are both given to the house', () => {
  const sole = to('studio', { exclusive: true });
  const text = (policies: object[]) =>
    stringify({ ...clearedFile(), policies, grants: [sole, { ...given, id: 'g2' }] });
  expect(refusal(text([])).join()).toContain('the same permitted by "g2"');
  expect(readLedger(text([house]), 'ledger.yaml').grants).toHaveLength(2);
});

test('a workspace shows it wherever it shows decisions', async () => {
  const { context, close } = await testContext();
  await catalogue(context, 'harbour', 'harbour.mp4');
  const path = join(context.paths.root, 'ledger.yaml');
  const importing = async (policies: object[]) => {
    await writeFile(path, stringify({ ...clearedFile(), grants: [to('nia')], policies }));
    await importLedger(context, path);
  };
  const ask = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const words = async () => (await explainShot(context, 'sht_harbour-0', ask)).words;
  await importing([]);
  expect(await words()).toContain('assumed: grants/g1 is given to nia');
  expect((await checkRights(context, ask)).assumptions.map(({ assumption }) => assumption)).toContain(
    'house_not_stated',
  );
  const [listed] = (await listSignatures(context, ask)).signatures;
  expect(listed?.assumptions).toContainEqual({ assumption: 'house_not_stated', row: 'grants/g1' });
  await importing([house]);
  expect(await words()).toContain('nearest: grants/g1 is given to nia, not to studio');
  expect((await checkRights(context, ask)).reasons).toMatchObject([{ rule: 'grantee', shots: 2 }]);
  expect((await unlock(context, ask, new Map())).answers).toMatchObject([
    { shots: 2, questions: [{ row: 'grants/g1', says: expect.stringContaining('if The Studio grants') }] },
  ]);
  expect(await ledgerRow(context, 'policies/house')).toMatchObject({ inForce: true });
  await close();
});
