import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotRecord } from '../../dataset/index.ts';
import { tables } from '../../db/index.ts';
import { type Context, canonical } from '../../jobs/index.ts';
import { catalogue } from '../../rights/catalogued.test-support.ts';
import { importLedger, type LedgerFile } from '../../rights/index.ts';
import type { DocumentKind } from '../document-schema.ts';
import { writeDocument } from './write.ts';

/** A workspace with one adapter that learned from two titles of two owners. */

const owned = (id: string, party: string) => ({
  ...{ id, name: id, files: [`${id}.mp4`], shares: [{ party, share: '100%' }] },
});
export const granted = (id: string, grantor: string) => ({
  ...{ id: `g-${id}`, grantor, titles: [id], uses: ['train.style' as const], territories: ['world'] },
});
export const ledger = {
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
} satisfies LedgerFile;

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

interface Told {
  ledger: LedgerFile;
  /** Those that cleared a title's clips, by title. */
  grants: Record<string, string[]>;
  /** What the adapter's job mixed into its batches. */
  prior: object;
}

/** @param told what differs */
export async function fillDocumented(context: Context, told: Partial<Told> = {}): Promise<void> {
  const { db, paths } = context;
  for (const name of names) await catalogue(context, name, `${name}.mp4`);
  await db.update(tables.catalogFiles).set({ addedAt: new Date('2026-04-03T10:00:00Z') });
  const file = join(paths.root, 'ledger.json');
  await writeFile(file, JSON.stringify(told.ledger ?? ledger));
  const { ledger: ledgerId } = await importLedger(context, file);
  const path = join(paths.datasets, 'one');
  await mkdir(path, { recursive: true });
  const clip = (name: string, i: number) => ({ id: `${i}`.repeat(64), name });
  const clips = names.map(clip);
  const origin = ({ id, name }: { id: string; name: string }) => ({
    ...{ id, file: hashOf(name), shot: `sht_${name}-0`, frames: [0], deinterlaced: false },
    ...{
      crop: { x: 0, y: 0, width: 96, height: 64 },
      decision: { outcome: 'ALLOW', grants: told.grants?.[name] ?? [`g-${name}`] },
    },
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
  const runId = await addRun(paths.runs, record.digest, told.prior);
  const model = { path: '/m', record: {}, madeAt: new Date('2026-05-03T00:00:00Z') };
  await db.insert(tables.trainModels).values([
    { id: 'mdl_base', name: 'open base', kind: 'base', sha256: 'b'.repeat(64), ...model },
    {
      ...{ id: 'mdl_1', name: 'harbour look', kind: 'adapter', sha256: 'c'.repeat(64), ...model },
      ...{ baseId: 'mdl_base', snapshotId: 'dst_1', runId },
    },
  ]);
}

/** A training's directory, named by its job as all are. */
async function addRun(runs: string, digest: string, prior: object | undefined): Promise<string> {
  const dataset = { path: '/d', digest };
  const job = { kind: 'train', seed: 0, steps: 10, batch: 8, mirror: true, dataset, prior: prior ?? null };
  const id = `run_${createHash('sha256').update(canonical(job)).digest('hex').slice(0, 12)}`;
  await mkdir(join(runs, id), { recursive: true });
  await writeFile(join(runs, id, 'job.json'), JSON.stringify({ ...job, id }));
  return id;
}

/** A document with its lines by section. */
export async function written(
  context: Context,
  kind: DocumentKind,
  provider?: string,
  model = 'mdl_1',
  folder = `documents of ${provider}`,
) {
  const to = join(context.paths.root, folder);
  const { document, files } = await writeDocument(context, { model, kind, provider, to });
  return { document, lines: new Map(document.sections.map(({ number, lines }) => [number, lines])), files };
}
