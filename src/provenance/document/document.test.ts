import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../../test/support/audit.ts';
import { testContext } from '../../../test/support/context.ts';
import type { SnapshotRecord } from '../../dataset/index.ts';
import { tables } from '../../db/index.ts';
import { baseInput, type Context } from '../../jobs/index.ts';
import { declareOrigin } from '../../train/index.ts';
import type { DocumentKind } from '../document-schema.ts';
import { fillDocumented, written as writtenBy } from './documented.test-support.ts';
import { writeDocument } from './write.ts';

let context: Context;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillDocumented(context);
});
afterAll(() => close());

const written = (kind: DocumentKind, provider?: string, model?: string) =>
  writtenBy(context, kind, provider, model);

describe('the summary of training content', () => {
  it("has the template's sections, filled from ledger, snapshot and catalogue", async () => {
    const { document, lines } = await written('eu-summary', 'studio');
    expect(document.sections.map(({ number }) => number)).toEqual([
      ...['1', '1.1', '1.2', '1.3', '2', '2.1', '2.2', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6', '3'],
      ...['3.1', '3.2', '3.3'],
    ]);
    expect(lines.get('1.1')?.[0]).toBe('Provider name: Example Studio.');
    expect(lines.get('1.2')?.[1]).toMatch(/^Model dependencies: made from base "open base"/);
    expect(lines.get('1.3')?.join('\n')).toContain(
      'Latest date of data acquisition/collection for model training: 2026-04-03',
    );
    expect(lines.get('1.3')?.[0]).toMatch(
      /^Modality video: training data size Less than 10 000 hours \(0.000556 hours, without what models/,
    );
    expect(lines.get('1.3')?.join(' ')).toContain('of 2 shots, 0.000556 hours of film');
    expect(lines.get('2.2.1')).toEqual([
      'Transactional commercial licensing agreements with rightsholders: Yes.',
      'Not known here: which of these grants rest on a transactional commercial agreement; the ledger holds no prices.',
      'Modality(ies) of the content covered: video, with captions as text.',
      'Licensed: quarry: House of *Quarry*, 100%; granted by g-quarry',
    ]);
    expect(lines.get('2.6')?.[1]).toBe(
      "The provider's own: harbour: Example Studio, 100%; granted by g-harbour",
    );
    expect(lines.get('3.1')?.join(' ')).toContain('refused by reason: restriction 4');
  });

  it('says what a person must still write, and guesses none of it', async () => {
    const { document } = await written('eu-summary');
    expect(document.open.join(' ')).toContain('name of the provider');
    expect(document.open.join(' ')).toContain('placement of the model on the Union market');
    expect(document.open.join(' ')).toContain('what base "open base"');
    expect(document.open.join(' ')).toContain('which of the owners is the provider itself');
  });

  it('is a page of text in which names are no markup, and says once that it is no legal advice', async () => {
    const { files } = await written('eu-summary', 'studio');
    const page = await readFile(files[0] ?? '', 'utf8');
    expect(page).toContain('#### 2.2.1 Datasets commercially licensed');
    expect(page).toContain('House of \\*Quarry\\*');
    expect(page.match(/legal advice/g)).toHaveLength(1);
  });
});

it("California's documentation answers its twelve items from the same rows", async () => {
  const { document, lines } = await written('ab-2013');
  expect(document.sections.map(({ number }) => number)).toEqual(
    Array.from({ length: 12 }, (_, i) => `(a)(${i + 1})`),
  );
  expect(lines.get('(a)(1)')).toHaveLength(2);
  expect(lines.get('(a)(5)')).toContain('Things of others that the ledger names in the films: music 1.');
  expect(lines.get('(a)(6)')?.[0]).toContain('grants g-harbour, g-quarry of ledger ldg_');
  expect(lines.get('(a)(7)')?.[0]).toContain('pictures of 1 person whom');
  expect(lines.get('(a)(9)')?.join(' ')).toContain('clips: duplicate 3');
  expect(lines.get('(a)(10)')?.[0]).toContain('from 2026-04-03 to 2026-04-03');
  expect(lines.get('(a)(11)')).toContain(
    'Dataset dst_1: frozen 2026-05-02, first used from then on and no later than 2026-05-03, when the first model of it that is kept was made.',
  );
});

describe('a base of which somebody has declared what it learned from', () => {
  const said = {
    maker: 'Open Labs',
    licence: 'Apache-2.0',
    learnedFrom: 'videos of their choice (their card)',
  };
  const told =
    /^Declared \d{4}-\d\d-\d\d, not proved: base "open base" learned from videos of their choice \(their card\); made by Open Labs, licence Apache-2.0\.$/;

  it('is told of as declared in both documents, and proof of it stays open', async () => {
    await declareOrigin({ db: context.db, who: 'ada@studio' }, { model: 'mdl_base', ...said });
    const eu = await written('eu-summary', 'house');
    expect(eu.lines.get('2.5')?.some((line) => told.test(line))).toBe(true);
    expect(eu.lines.get('2.6')?.join('\n')).toContain('Models from outside: Declared');
    expect(eu.lines.get('1.2')?.[1]).toContain('by Open Labs, as declared');
    const california = await written('ab-2013', 'studio');
    for (const item of ['(a)(1)', '(a)(12)'])
      expect(california.lines.get(item)?.some((line) => told.test(line))).toBe(true);
    for (const { document } of [eu, california]) {
      expect(document.open.join(' ')).toContain('proof of what base "open base"');
      expect(JSON.stringify(document)).not.toContain('ada@studio');
    }
  });

  it('an adapter from outside, on the base that ships, is told of as well', async () => {
    const { sha256 } = await baseInput();
    const model = { path: '/m', record: {}, madeAt: new Date('2026-05-03T00:00:00Z') };
    await context.db.insert(tables.trainModels).values([
      { id: 'mdl_shipped', name: 'shipped', kind: 'base', sha256, ...model },
      {
        ...model,
        id: 'mdl_rain',
        name: 'rain',
        kind: 'adapter',
        sha256: 'e'.repeat(64),
        baseId: 'mdl_shipped',
      },
    ]);
    const before = await written('eu-summary', undefined, 'mdl_rain');
    expect(before.document.open.join(' ')).toContain('what adapter "rain"');
    await declareOrigin({ db: context.db, who: 'ada@studio' }, { model: 'mdl_rain', ...said });
    const { lines } = await written('ab-2013', undefined, 'mdl_rain');
    expect(lines.get('(a)(1)')?.join(' ')).toContain('not proved: adapter "rain" learned from videos');
    expect(lines.get('(a)(12)')?.[0]).toContain('came with Backlot');
  });
});

it('a document that is written is a row of the audit log, and the same one again is none', async () => {
  const acts = async () =>
    (await actsIn(context.db)).filter(({ what }) => what === 'provenance.document').length;
  const before = await acts();
  for (let again = 0; again < 2; again++) await written('ab-2013', 'house');
  expect(await acts()).toBe(before + 1);
});

it('a document that somebody filled in is not written over', async () => {
  const [page = ''] = (await written('ab-2013', 'studio')).files;
  await written('ab-2013', 'studio');
  await writeFile(page, 'filled in');
  await expect(written('ab-2013', 'studio')).rejects.toMatchObject({ code: 'file-exists' });
  expect(await readFile(page, 'utf8')).toBe('filled in');
});

it("California's documentation counts the people whose replicas a model learns", async () => {
  const [row] = await context.db.select().from(tables.datasetSnapshots);
  const record = row?.record as SnapshotRecord;
  for (const [said, count] of [
    [{ performers: ['nia', 'tom'] }, 2] as const,
    [{ performer: 'nia' }, 1] as const,
  ]) {
    const options = { ...record.options, ...said };
    await context.db.update(tables.datasetSnapshots).set({ record: { ...record, options } });
    const { lines } = await writtenBy(context, 'ab-2013', undefined, undefined, `replicas ${count}`);
    expect(lines.get('(a)(7)')?.join(' ')).toContain(
      `replicas of ${count === 1 ? '1 person' : `${count} people`} by name`,
    );
  }
  await context.db.update(tables.datasetSnapshots).set({ record });
});

it('refuses a model and a provider that are not here', async () => {
  const ask = { kind: 'ab-2013' as const, to: join(context.paths.root, 'no') };
  await expect(writeDocument(context, { ...ask, model: 'mdl_none' })).rejects.toMatchObject({
    code: 'no-such-model',
  });
  const stranger = writeDocument(context, { ...ask, model: 'mdl_1', provider: 'stranger' });
  await expect(stranger).rejects.toMatchObject({ code: 'no-such-party' });
});
