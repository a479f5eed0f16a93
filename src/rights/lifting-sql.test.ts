import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { clearedFile, harbourShot } from './ledgers.test-support.ts';
import { ledger, refusal, yes } from './refused.test-support.ts';
import { ledgerSchema } from './schema.ts';
import {
  createTables,
  decideTables,
  fillTables,
  openSignatures,
  readDecided,
  readSignatures,
} from './signature-store.ts';
import { TableWriter } from './signature-tables.ts';

test.each([
  ['for its own titles and party alone', refusal.on, 'ALLOW'],
  ['of the same day', yes.on, 'ALLOW'],
  ['not where it was said since', '2026-01-02', 'EXCLUDE'],
])('SQL lets a consent lift a refusal %s, as TypeScript does', async (_, on, outcome) => {
  const [harbour] = clearedFile().titles ?? [];
  const [g1] = clearedFile().grants ?? [];
  const [seen] = clearedFile().appearances ?? [];
  const quarry = { ...harbour, id: 'quarry', name: 'Quarry', files: ['quarry.mp4'] };
  const document = ledgerSchema.parse({
    ...ledger({ ...refusal, on }, yes),
    titles: [harbour, quarry],
    grants: [{ ...g1, titles: ['harbour', 'quarry'] }],
    appearances: [seen, { ...seen, id: 'there', title: 'quarry', file: 'quarry.mp4' }],
  });
  const shots = ['harbour', 'quarry'].map((title) => ({
    ...{
      ...harbourShot,
      id: title,
      title: { title },
      file: { name: `${title}.mp4`, sha256: 'a'.repeat(64) },
    },
  }));
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const writer = new TableWriter();
  writer.add(document, shots);
  const db = await openSignatures();
  await createTables(db);
  await fillTables(db, writer.tables);
  await decideTables(db, asked);
  const outcomes = new Map((await readSignatures(db)).map((row) => [row.signature, row.outcome]));
  const decided = [...(await readDecided(db))].map(([shot, signature]) => [shot, outcomes.get(signature)]);
  db.close();
  expect(decided.sort()).toEqual([
    ['harbour', outcome],
    ['quarry', 'EXCLUDE'],
  ]);
  const alike = shots.map((shot) => [
    shot.id,
    decide({ ...asked, ledger: document, shot, title: shot.title }).outcome,
  ]);
  expect(alike).toEqual(decided);
});
