import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actsIn } from '../../../test/support/audit.ts';
import { testContext } from '../../../test/support/context.ts';
import type { SnapshotRecord } from '../../dataset/index.ts';
import { tables } from '../../db/index.ts';
import { baseInput, type Context } from '../../jobs/index.ts';
import { catalogue } from '../../rights/catalogued.test-support.ts';
import { importLedger, type LedgerFile } from '../../rights/index.ts';
import { declareOrigin } from '../../train/index.ts';
import type { DocumentKind } from '../document-schema.ts';
import { writeDocument } from './write.ts';

let context: Context;
let close: () => Promise<void>;

const owned = (id: string, party: string) => ({
  ...{ id, name: id, files: [`${id}.mp4`], shares: [{ party, share: '100%' }] },
});
const granted = (id: string, grantor: string) => ({
  ...{ id: `g-${id}`, grantor, titles: [id], uses: ['train.style' as const], territories: ['world'] },
});
const ledger: LedgerFile = {
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Example Studio' },
    { id: 'house', kind: 'org', name: 'House of *Quarry*' },
    { id: 'ann', kind: 'person', name: 'Ann Example' },
  ],
  titles: [owned('harbour', 'studio'), owned('quarry', 'house')],
  grants: [granted('harbour', 'studio'), granted('quarry', 'house')],
  appearances: [
    { id: 'a1', party: 'ann', title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' },
  ],
  materials: [
    { id: 'm1', kind: 'music', title: 'quarry', file: 'quarry.mp4', shots: 'all', status: 'confirmed' },
  ],
};

const hashOf = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const names = ['harbour', 'quarry'];

function recordOf(ledgerId: string): SnapshotRecord {
  const options = {
    ...{
      use: 'train.style' as const,
      territory: 'world',
      asOf: '2026-05-01',
      frames: 17,
      width: 96,
      height: 64,
    },
    ...{
      fps: '12',
      soften: 1,
      hdr: 'refuse' as const,
      text: 'refuse' as const,
      frozen: 'keep' as const,
      blurred: 'keep' as const,
      stride: 8,
      clipsPerShot: 8,
      heldout: 0.2,
      seed: 0,
    },
  };
  const rights = {
    ledger: ledgerId,
    ruleVersion: '3-x',
    outcomes: { ALLOW: 2 },
    reasons: { restriction: 4 },
  };
  const title = (name: string) => ({
    id: `ttl_${name}`,
    name,
    train: 1,
    heldout: 0,
    scenes: 1,
    heldoutScenes: 0,
  });
  const source = (name: string) => ({
    file: hashOf(name),
    title: `ttl_${name}`,
    reel: 1,
    frames: 48,
    clips: 1,
  });
  return {
    ...{
      version: 1,
      digest: 'd'.repeat(64),
      options,
      rights,
      clips: { train: 2, heldout: 0 },
      notices: [],
      files: {},
    },
    ...{ captions: { shot_list: 2 }, skipped: { shots: { flat: 1 }, clips: { duplicate: 3 } } },
    ...{ titles: names.map(title), sources: names.map(source) },
  };
}

beforeAll(async () => {
  ({ context, close } = await testContext());
  const { db, paths } = context;
  for (const name of names) await catalogue(context, name, `${name}.mp4`);
  await db.update(tables.catalogFiles).set({ addedAt: new Date('2026-04-03T10:00:00Z') });
  const file = join(paths.root, 'ledger.json');
  await writeFile(file, JSON.stringify(ledger));
  const { ledger: ledgerId } = await importLedger(context, file);
  const path = join(paths.datasets, 'one');
  await mkdir(path, { recursive: true });
  const clip = (name: string, i: number) => ({ id: `${i}`.repeat(64), name });
  const clips = names.map(clip);
  const origin = ({ id, name }: { id: string; name: string }) => ({
    ...{ id, file: hashOf(name), shot: `sht_${name}-0`, frames: [0], deinterlaced: false },
    ...{ crop: { x: 0, y: 0, width: 96, height: 64 }, decision: { outcome: 'ALLOW', grants: [`g-${name}`] } },
  });
  await writeFile(join(path, 'clips.jsonl'), clips.map((one) => `${JSON.stringify(origin(one))}\n`).join(''));
  const record = recordOf(ledgerId);
  const frozenAt = new Date('2026-05-02T00:00:00Z');
  await db
    .insert(tables.datasetSnapshots)
    .values({ id: 'dst_1', digest: record.digest, path, record, frozenAt });
  await db.insert(tables.datasetClips).values(
    clips.map(({ id, name }) => ({
      ...{ snapshotId: 'dst_1', clipId: id, shotId: `sht_${name}-0`, titleId: `ttl_${name}`, split: 'train' },
      caption: 'a pier',
    })),
  );
  const model = { path: '/m', record: {}, madeAt: new Date('2026-05-03T00:00:00Z') };
  await db.insert(tables.trainModels).values([
    { id: 'mdl_base', name: 'open base', kind: 'base', sha256: 'b'.repeat(64), ...model },
    {
      ...{ id: 'mdl_1', name: 'harbour look', kind: 'adapter', sha256: 'c'.repeat(64), ...model },
      ...{ baseId: 'mdl_base', snapshotId: 'dst_1' },
    },
  ]);
});
afterAll(() => close());

async function written(kind: DocumentKind, provider?: string, model = 'mdl_1') {
  const to = join(context.paths.root, `documents of ${provider}`);
  const { document, files } = await writeDocument(context, { model, kind, provider, to });
  return { document, lines: new Map(document.sections.map(({ number, lines }) => [number, lines])), files };
}

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
  expect(lines.get('(a)(7)')?.[0]).toContain('pictures of 1 people');
  expect(lines.get('(a)(9)')?.join(' ')).toContain('clips: duplicate 3');
  expect(lines.get('(a)(10)')?.[0]).toContain('from 2026-04-03 to 2026-04-03');
  expect(lines.get('(a)(11)')).toEqual(['Dataset dst_1: frozen 2026-05-02, first model made 2026-05-03.']);
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
    expect(lines.get('(a)(12)')?.[0]).toContain('ships with Backlot');
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

it('refuses a model and a provider that are not here', async () => {
  const ask = { kind: 'ab-2013' as const, to: join(context.paths.root, 'no') };
  await expect(writeDocument(context, { ...ask, model: 'mdl_none' })).rejects.toMatchObject({
    code: 'no-such-model',
  });
  const stranger = writeDocument(context, { ...ask, model: 'mdl_1', provider: 'stranger' });
  await expect(stranger).rejects.toMatchObject({ code: 'no-such-party' });
});
