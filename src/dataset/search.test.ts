import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { frameTablePath, writeFrameTable } from '../catalog/frame-table.ts';
import { tables } from '../db/index.ts';
import { facts } from '../rights/catalogued.test-support.ts';
import { importLedger, ruleVersion } from '../rights/index.ts';
import { addFacts } from '../shots/store.ts';
import { coverage } from './coverage.ts';
import { indexPath } from './index-store.ts';
import { coverageInWords, searchInWords } from './look-up-words.ts';
import { purgeIndex } from './purge.ts';
import { coverageInputSchema, searchInputSchema } from './schema.ts';
import { searchShots } from './search.ts';

const { catalogFiles, catalogSidecars, catalogTitles, rightsDecisions, shotsPasses, shotsShots } = tables;

let workspace: Awaited<ReturnType<typeof testContext>>;
const search = (input: object) => searchShots(workspace.context, searchInputSchema.parse(input));
const cover = (input: object) => coverage(workspace.context, coverageInputSchema.parse(input));
const found = async (input: object) => (await search(input)).shots.map(({ id }) => id);

/** A film of 24 frames a second with shots of two seconds each; its first picture is dark, the others are bright. */
async function film(name: string, shots: number): Promise<void> {
  const { db, paths } = workspace.context;
  const id = `fil_${name}`;
  await db.insert(catalogTitles).values({ id: `ttl_${name}`, name, unmapped: false });
  const file = { path: `/masters/${name}.mp4`, sha256: Buffer.from(name).toString('hex').padEnd(64, '0') };
  const size = { bytes: 1, frames: shots * 48, fps: '24/1', reel: 1 };
  await db.insert(catalogFiles).values({ id, titleId: `ttl_${name}`, ...file, ...size, facts });
  await writeFrameTable(frameTablePath(paths, id), {
    timeBase: '1/24',
    pts: Array.from({ length: shots * 48 }, (_, i) => i),
  });
  const rows = Array.from({ length: shots }, (_, n) => shotRow(name, n));
  await db.insert(shotsShots).values(rows);
  await db.insert(shotsPasses).values({ fileId: id, detector: 'test', facts: {} });
}

const shotRow = (name: string, n: number) => ({
  ...{
    id: `sht_${name}-${n + 1}`,
    fileId: `fil_${name}`,
    number: n + 1,
    inFrame: n * 48,
    outFrame: n * 48 + 48,
  },
  ...{ inTimecode: `01:00:0${2 * n}:00`, outTimecode: `01:00:0${2 * n + 2}:00`, thumbnail: null },
  facts: { luma: n === 0 ? 20 : 200, colour: [90, 90, 90], motion: 1, sharpness: 5 },
});

async function sidecar(name: string, kind: string, text: string): Promise<void> {
  const path = join(workspace.context.paths.root, `${name}.${kind}`);
  await writeFile(path, text);
  const row = { id: `sdc_${name}`, fileId: `fil_${name}`, kind, path };
  const sha256 = createHash('sha256').update(text).digest('hex');
  const target = catalogSidecars.id;
  await workspace.context.db
    .insert(catalogSidecars)
    .values({ ...row, sha256 })
    .onConflictDoUpdate({ target, set: { sha256 } });
}

const box: [number, number, number, number] = [0.1, 0.8, 0.6, 0.9];
const text = (share: number, lines: string[], names: string[] = []) => ({
  ...{ frames: 3, share, covered: share / 10, names },
  lines: lines.map((line) => ({ text: line, confidence: 0.95, box, frames: 3 })),
});

const shotList = [
  'in,out,description,characters,set,action,camera,time',
  '0,48,"Brinka walks along the quay","Brinka",Harbour,walks left,still,night',
  '48,96,"A quarrel","BRINKA and Ann Lee",Harbour,quarrels,pans left,day',
  '96,144,"Tollo waits","Tollo",Mill,waits,still,day',
].join('\n');

beforeAll(async () => {
  workspace = await testContext();
  await film('Alpha', 4);
  await sidecar('Alpha', 'csv', shotList);
  await film('Blue Bay', 2);
  await sidecar('Blue Bay', 'srt', '1\n00:00:02,500 --> 00:00:03,000\nThe herons walk at night\n');
}, 60_000);
afterAll(() => workspace.close());

describe('searching shots', () => {
  it('finds words of captions, subtitles and titles in any grammatical form', async () => {
    expect(await found({ words: 'walking' })).toEqual(['sht_Alpha-1', 'sht_Blue Bay-2']);
    expect(await found({ words: 'heron NIGHTS' })).toEqual(['sht_Blue Bay-2']);
    expect(await found({ words: 'bay' })).toEqual(['sht_Blue Bay-1', 'sht_Blue Bay-2']);
    expect(await found({ words: 'brinka tollo' })).toEqual([]);
    expect(await found({ words: '?!' })).toEqual([]);
    await expect(found({ words: ' ' })).rejects.toThrow('no word to look for');
  });

  it('finds by fields, all of which must hold', async () => {
    expect(await found({ character: 'brinka' })).toEqual(['sht_Alpha-1', 'sht_Alpha-2']);
    expect(await found({ character: 'Brinka', set: 'harbour', time: 'night', action: 'walking' })).toEqual([
      'sht_Alpha-1',
    ]);
    expect(await found({ camera: 'pan' })).toEqual(['sht_Alpha-2']);
    expect(await found({ light: 'dark' })).toEqual(['sht_Alpha-1', 'sht_Blue Bay-1']);
    expect(await found({ source: 'facts' })).toEqual(['sht_Alpha-4', 'sht_Blue Bay-1']);
    expect(await found({ minSeconds: 2.1 })).toEqual([]);
    expect(await found({ maxSeconds: 2, title: 'alpha', time: 'day' })).toEqual([
      'sht_Alpha-2',
      'sht_Alpha-3',
    ]);
  });

  it('takes half of one name and half of another for nobody', async () => {
    expect(await found({ character: 'ann lee' })).toEqual(['sht_Alpha-2']);
    expect(await found({ character: 'brinka lee' })).toEqual([]);
  });

  it('gives a page and says how many there are in all', async () => {
    const page = await search({ limit: 2, offset: 3 });
    expect(page).toMatchObject({ found: 6, minutes: 0.2, indexed: 6 });
    expect(page.shots.map(({ id }) => id)).toEqual(['sht_Alpha-4', 'sht_Blue Bay-1']);
    const [shot] = (await search({ words: 'quarrel' })).shots;
    expect(shot).toMatchObject({
      ...{ characters: ['Brinka', 'Ann Lee'], set: 'Harbour', camera: 'pans left', seconds: 2 },
      ...{ inTimecode: '01:00:02:00', source: 'shot_list', title: 'Alpha' },
    });
    expect(searchInWords(page)).toContain('6 of 6 shots');
  });
});

describe('coverage', () => {
  it('counts each pair and shows the pairs of which there is nothing', async () => {
    const table = await cover({ title: 'Alpha', rows: 'character', columns: 'set' });
    expect(table.rows.values).toEqual(['Brinka', 'Ann Lee', 'Tollo', null]);
    expect(table.columns.values).toEqual(['Harbour', 'Mill', null]);
    expect(table.cells.map((own) => own.map(({ shots }) => shots))).toEqual([
      [2, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(table.empty).toBe(3);
    expect(coverageInWords(table)).toMatch(/Brinka +2 \(0\.07\) +- +-/);
  });

  it('keeps values of which nothing matches, and says how many are not shown', async () => {
    const table = await cover({
      ...{ title: 'Alpha', rows: 'set', columns: 'time' },
      ...{ character: 'Brinka', action: 'walking', maxColumns: 2 },
    });
    expect(table.rows.values).toEqual(['Harbour', 'Mill', null]);
    expect(table.columns).toMatchObject({ values: ['night', 'day'], left: 1 });
    expect(table.cells.map((own) => own.map(({ shots }) => shots))).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(table.empty).toBe(3);
  });

  it('pairs each character with each other one of a shot', async () => {
    const table = await cover({ title: 'Alpha', rows: 'character', columns: 'character', set: 'harbour' });
    const at = (row: string, column: string) =>
      table.cells[table.rows.values.indexOf(row)]?.[table.columns.values.indexOf(column)]?.shots;
    expect([at('Brinka', 'Ann Lee'), at('Ann Lee', 'Ann Lee'), at('Brinka', 'Brinka')]).toEqual([1, 1, 2]);
  });
});

describe('what was read and heard', () => {
  beforeAll(async () => {
    await film('Echo', 4);
    await addFacts(workspace.context.db, 'fil_Echo', [
      ['sht_Echo-1', { text: text(1, ['Directed by', 'Mara Ousel'], ['Mara Ousel']), speech: 0 }],
      ['sht_Echo-2', { text: text(1, ['We sail at dawn']), speech: 0.4 }],
      ['sht_Echo-3', { text: text(0, []), speech: null }],
    ]);
  });

  it('is found by plain words, by text read in the picture and by names in credits', async () => {
    expect(await found({ words: 'sailing' })).toEqual(['sht_Echo-2']);
    expect(await found({ read: 'dawn sail' })).toEqual(['sht_Echo-2']);
    expect(await found({ read: 'echo' })).toEqual([]);
    expect(await found({ credited: 'ousel' })).toEqual(['sht_Echo-1']);
    expect(await found({ character: 'ousel' })).toEqual([]);
    const [shot] = (await search({ credited: 'mara ousel' })).shots;
    expect(shot).toMatchObject({
      read: 'Directed by / Mara Ousel',
      credited: ['Mara Ousel'],
      text: 'credits',
    });
  });

  it('is counted, what nobody looked at apart', async () => {
    expect(await found({ text: 'throughout' })).toEqual(['sht_Echo-2']);
    expect(await found({ speech: 'with' })).toEqual(['sht_Echo-2']);
    const table = await cover({ title: 'echo', rows: 'text', columns: 'speech' });
    expect(table.rows.values).toEqual(['credits', 'none', 'throughout', null]);
    expect(table.columns.values).toEqual([null, 'with', 'without']);
    expect(table.cells.map((own) => own.map(({ shots }) => shots))).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
  });
});

describe('the index', () => {
  it('says by rights what was last decided, and of nothing else than that', async () => {
    expect(await search({ outcome: 'UNDECIDED' })).toMatchObject({ found: 10, decided: null });
    const row = {
      use: 'train.style',
      territory: 'world',
      ledgerId: 'none',
      ruleVersion,
      asOf: '2026-05-01',
    };
    const outcomes = { 'sht_Alpha-1': 'ALLOW', 'sht_Alpha-2': 'EXCLUDE' };
    await workspace.context.db.insert(rightsDecisions).values({
      ...{ ...row, ruleVersion: '1', shotId: 'sht_Alpha-3', outcome: 'ALLOW', reasons: [], grants: [] },
      decidedAt: new Date(Date.now() + 60_000),
    });
    for (const [shotId, outcome] of Object.entries(outcomes)) {
      await workspace.context.db
        .insert(rightsDecisions)
        .values({ ...row, shotId, outcome, reasons: [], grants: [] });
    }
    expect(await search({ outcome: 'ALLOW' })).toMatchObject({ found: 1, decided: { asOf: '2026-05-01' } });
    expect(await found({ outcome: 'UNDECIDED', title: 'alpha' })).toEqual(['sht_Alpha-3', 'sht_Alpha-4']);
    expect((await search({ outcome: 'ALLOW', use: 'eval' })).found).toBe(0);
    const table = await cover({ rows: 'outcome', columns: 'time', title: 'alpha' });
    expect(table.rows.values).toEqual(['UNDECIDED', 'ALLOW', 'EXCLUDE']);
  });

  it('follows a sidecar that changed, a title that was renamed and a film that was added', async () => {
    await sidecar('Alpha', 'csv', shotList.replace('Tollo waits', 'Tollo juggles'));
    expect(await found({ words: 'juggling' })).toEqual(['sht_Alpha-3']);
    const { db } = workspace.context;
    await db.update(catalogTitles).set({ name: 'Zenith' }).where(eq(catalogTitles.id, 'ttl_Alpha'));
    expect(await found({ words: 'alpha' })).toEqual([]);
    expect((await found({}))[0]).toBe('sht_Blue Bay-1');
    await film('Cliff', 1);
    expect(await found({ title: 'cliff' })).toEqual(['sht_Cliff-1']);
    expect((await search({})).found).toBe(11);
  });

  it('is made anew where its file is lost or unreadable', async () => {
    await writeFile(indexPath(workspace.context.paths), 'no database');
    expect((await search({})).found).toBe(11);
    await rm(indexPath(workspace.context.paths));
    const both = await Promise.all([search({ words: 'tollo' }), search({ words: 'quarrel' })]);
    expect(both.map((answer) => answer.found)).toEqual([1, 1]);
  });

  it('raises an alarm for captions that say nothing of their shot', async () => {
    await film('Dune', 5);
    await sidecar('Dune', 'csv', 'in,out,description\n0,240,Sand\n');
    const { notices } = await search({ title: 'dune' });
    expect(notices).toEqual([
      expect.stringMatching(/^caption-repeated in Dune: 5 of 5 shots .*“Sand” \(5\)$/),
    ]);
    await sidecar('Dune', 'csv', 'in,out,description\n0,192,Sand\n');
    expect((await search({ title: 'dune' })).notices).toEqual([]);
  });

  it('says which sidecars could not be read', async () => {
    await sidecar('Cliff', 'csv', 'name,pay\nAnn,3\n');
    expect((await search({})).notices).toEqual([
      expect.stringMatching(/^cliff.mp4: .*columns for a shot's in and out/i),
    ]);
    expect((await search({ title: 'cliff' })).notices).toHaveLength(1);
    expect((await search({ title: 'dune' })).notices).toEqual([]);
  });
});

it('what was said of a withdrawn shot is found no more, also after its sidecar was read again', async () => {
  const { context } = workspace;
  await addFacts(context.db, 'fil_Alpha', [['sht_Alpha-4', { text: text(1, ['Quay Street']) }]]);
  await sidecar('Alpha', 'csv', `${shotList}\n`);
  expect(await found({ words: 'quay' })).toEqual(['sht_Alpha-1', 'sht_Alpha-4']);
  const path = join(context.paths.root, 'ledger.json');
  const studio = { id: 'studio', kind: 'org', name: 'Studio' };
  const shares = [{ party: 'studio', share: '100%' }];
  const title = { id: 'alpha', name: 'Alpha', files: ['Alpha.mp4'], shares, withdrawn: '2026-01-01' };
  await writeFile(path, JSON.stringify({ version: 1, parties: [studio], titles: [title] }));
  await importLedger(context, path);
  await purgeIndex(context);
  expect((await search({ words: 'quay' })).shots).toEqual([]);
  expect((await search({ title: 'Alpha' })).shots.map(({ caption }) => caption).join()).not.toMatch(/Brinka/);
  const words = await readFile(indexPath(context.paths), 'latin1');
  expect(words).not.toMatch(/Brinka|quay/i);
});
