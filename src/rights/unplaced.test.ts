import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { decideSome } from './around.ts';
import { decideShots } from './bulk.ts';
import { catalogue } from './catalogued.test-support.ts';
import { checkRights } from './check.ts';
import { decide, type Question } from './decide.ts';
import { explainShot } from './explain.ts';
import { importLedger } from './import.ts';
import { importWords } from './import-words.ts';
import { asking, clearedFile, ledgerWith, placeIn } from './ledgers.test-support.ts';
import { questionsOf } from './questions.ts';
import type { Appearance, LedgerFile } from './schema.ts';
import { listSignatures } from './signatures.ts';

/** Harbour's two shots. */
const film = { in: 0, out: 48, inTimecode: '01:00:00:00', outTimecode: '01:00:02:00' };
const [a1] = clearedFile().appearances as [Appearance];
const seenAt = (shots: Appearance['shots'], more: Partial<Appearance> = {}) => ({
  appearances: [{ ...a1, shots, ...more }],
});
const said = (parts: Partial<LedgerFile>, more: Partial<Question> = {}) => {
  const { outcome, reasons } = decide(asking({ ledger: ledgerWith(parts), film, ...more }));
  return [outcome, ...reasons.map(({ rule, row }) => `${rule} ${row}`)];
};
const waits = ['REVIEW', 'unplaced appearances/a1'];

describe('who is said to be seen where the film has no shot', () => {
  test.each<[string, Appearance['shots']]>([
    ['frames past its end', [{ in: 48, out: 96 }]],
    ['timecodes of another reel', [{ in: '02:00:00:00', out: '02:00:01:00' }]],
    [
      'some place in it and some place that is not',
      [
        { in: 0, out: 24 },
        { in: 9000, out: 9024 },
      ],
    ],
  ])('may be in any of its shots: %s', (_, shots) => {
    expect(said(seenAt(shots))).toEqual(waits);
    expect(said(seenAt(shots, { status: 'proposed' }))).toContain('unplaced appearances/a1');
  });

  test.each<[string, Appearance['shots']]>([
    ['everywhere', 'all'],
    ['frames', [{ in: 24, out: 96 }]],
    ['timecodes', [{ in: '01:00:01:00', out: '01:00:01:12' }]],
  ])('is in the film by one frame of it: %s', (_, shots) => {
    expect(said(seenAt(shots))).toEqual(['ALLOW']);
  });

  test('says nothing of another film, nor where nobody knows how long the film is', () => {
    const shots = [{ in: 48, out: 96 }];
    const file = { name: 'reel-2.mp4', sha256: 'b'.repeat(64) };
    const titles = clearedFile().titles?.map((title) => ({ ...title, files: ['harbour.mp4', 'reel-2.mp4'] }));
    const other = { ...asking().shot, file };
    expect(said({ titles: titles ?? [], ...seenAt(shots) }, { shot: other })).toEqual(['ALLOW']);
    expect(said(seenAt(shots), { film: undefined })).toEqual(['ALLOW']);
  });

  test('a consent to it does not let the shots pass, and a refusal does not weigh more than the place', () => {
    const consents = clearedFile().consents?.map((row) => ({ ...row, answer: 'refused' as const }));
    expect(said({ ...seenAt([{ in: 48, out: 96 }]), consents: consents ?? [] })).toEqual(waits);
  });

  test('goes for music, artwork, brands and stock as well', () => {
    const poster = { id: 'poster', kind: 'artwork' as const, title: 'harbour', file: 'harbour.mp4' };
    const materials = [{ ...poster, shots: [{ in: 48, out: 96 }], status: 'confirmed' as const }];
    expect(said({ materials })).toEqual(['REVIEW', 'unplaced materials/poster']);
  });

  test('is a question that somebody can answer', () => {
    const ledger = ledgerWith(seenAt([{ in: 48, out: 96 }]));
    const decision = decide(asking({ ledger, film }));
    const standing = questionsOf({ shotId: 's', fileId: 'f', ...decision }, placeIn(ledger, asking()));
    expect(JSON.stringify(standing)).toContain('if the place of appearances/a1 is corrected: nia is said');
  });
});

describe('a workspace', () => {
  let context: Context;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ context, close } = await testContext());
    await catalogue(context, 'harbour', 'harbour.mp4');
  });
  afterAll(() => close());

  const day = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  const importing = async (shots: Appearance['shots'], row: object = {}) => {
    const path = join(context.paths.root, 'ledger.json');
    const appearances = seenAt(shots).appearances?.map((one) => ({ ...one, ...row }));
    await writeFile(path, JSON.stringify({ ...clearedFile(), appearances }));
    return importLedger(context, path);
  };

  test('is told at the import, with the row, and each way of asking says the same', async () => {
    const imported = await importing([{ in: '02:00:00:00', out: '02:00:01:00' }]);
    const message =
      'nia is said to be seen in harbour.mp4 at 02:00:00:00 to 02:00:01:00, where it has no shot (its shots are frames 0 to 48, 01:00:00:00 to 01:00:02:00)';
    expect(imported.warnings).toEqual([`appearances/a1: ${message}`]);
    expect(importWords(imported)).toContain(`! appearances/a1: ${message}`);
    expect((await checkRights(context, day)).notices).toEqual([`appearances/a1: ${message}`]);
    const all = await decideShots(context, day);
    expect(all.map(({ outcome }) => outcome)).toEqual(['REVIEW', 'REVIEW']);
    expect(await decideSome(context, ['sht_harbour-1'], day)).toEqual(all.slice(1));
    expect((await explainShot(context, 'sht_harbour-0', day)).words).toContain(`unplaced: ${message}`);
    const { signatures } = await listSignatures(context, day);
    expect(signatures.map(({ outcome, reasons }) => [outcome, ...reasons])).toEqual([
      ['REVIEW', { rule: 'unplaced', row: 'appearances/a1' }],
    ]);
  });

  test('has nothing to tell where every place is one of the film, by a row that replaces the wrong one', async () => {
    const right = { id: 'a2', supersedes: 'a1' };
    expect((await importing([{ in: 0, out: 24 }], right)).warnings).toEqual([]);
    expect((await decideShots(context, day)).map(({ outcome }) => outcome)).toEqual(['ALLOW', 'ALLOW']);
  });
});
