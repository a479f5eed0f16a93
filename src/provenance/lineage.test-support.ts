import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { encodeVideo } from '../media/index.ts';
import { ledgerSchema } from '../rights/index.ts';
import { appendLedger } from '../rights/store.ts';
import { sha256Of } from './digest.ts';

/** A catalogue with a ledger, a snapshot, two models and two takes: what a lineage leads through. */

export const size = { width: 96, height: 64 };
export const frames = 17;
const clips = ['1'.repeat(64), '2'.repeat(64)] as const;
export const hash = (digit: string) => digit.repeat(64);

/** A square that moves over a gradient: enough for every frame to differ. */
function* picture(seed: number) {
  for (let frame = 0; frame < frames; frame++) {
    const bytes = Buffer.alloc(size.width * size.height * 3);
    for (let at = 0; at < bytes.length; at++) bytes[at] = (at * (seed + 1) + frame * 9) % 256;
    yield bytes;
  }
}

export async function addTake(
  context: Context,
  id: string,
  modelId: string,
  seed: number,
  references: object[] = [],
): Promise<void> {
  const videoPath = join(context.paths.takes, `${id}.mp4`);
  await encodeVideo({ path: videoPath, ...size, fps: '12', frames: picture(seed) });
  const brief = {
    id: 'b1',
    text: 'Pim walks left by the pier',
    adapters: [{ id: 'mdl_adapter', weight: 0.8 }],
    references,
  };
  const made = { briefId: 'b1', brief, modelId, runId: 'run_generate', candidate: seed, seed };
  const files = { rawPath: `${videoPath}.u8`, rawSha256: hash('a') };
  const video = { videoPath, videoSha256: sha256Of(await readFile(videoPath)) };
  await context.db.insert(tables.generateTakes).values({ id, ...made, ...files, ...video });
}

async function addModels(context: Context): Promise<void> {
  const common = { path: '/models', sha256: hash('b'), record: {} };
  await context.db.insert(tables.trainModels).values([
    { id: 'mdl_base', name: 'open base', kind: 'base', ...common },
    {
      ...{ id: 'mdl_adapter', name: 'harbour', kind: 'adapter', ...common, baseId: 'mdl_base' },
      ...{ snapshotId: 'dst_1', runId: 'run_train' },
    },
  ]);
}

const ledger = {
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Example Studio' },
    { id: 'ann', kind: 'person', name: 'Ann Example' },
    { id: 'bob', kind: 'person', name: 'Bob Example' },
  ],
  titles: [
    {
      ...{ id: 'harbour', name: 'Harbour', files: ['harbour.mp4'] },
      // Sold after the dataset was cleared.
      shares: [{ party: 'bob', share: '100%' }],
      chain: [{ from: 'studio', to: 'bob', share: '100%', on: '2026-06-01' }],
    },
  ],
  grants: [
    {
      ...{ id: 'g1', grantor: 'studio', titles: ['harbour'], uses: ['train.style'], territories: ['world'] },
    },
  ],
  restrictions: [],
  consents: [
    {
      ...{ id: 'c1', party: 'ann', answer: 'given', titles: ['harbour'], uses: ['train.style'] },
      ...{ territories: ['world'], described: 'style training' },
    },
  ],
  appearances: [
    { id: 'a1', party: 'ann', title: 'harbour', file: 'harbour.mp4', shots: 'all', status: 'confirmed' },
    {
      ...{ id: 'a2', party: 'bob', title: 'harbour', file: 'harbour.mp4', status: 'confirmed' },
      shots: [{ in: 500, out: 600 }],
    },
  ],
};

async function addSnapshot(context: Context): Promise<void> {
  const { db, paths } = context;
  const path = join(paths.datasets, 'one');
  await mkdir(path, { recursive: true });
  const part = { frames: [0, 2, 4], crop: { x: 0, y: 0, width: 96, height: 64 }, deinterlaced: false };
  const origin = (id: string, grants: string[]) =>
    JSON.stringify({ id, file: hash('d'), shot: 'sht_1', ...part, decision: { outcome: 'ALLOW', grants } });
  const lines = [origin(clips[0], ['g1']), origin(clips[1], ['g-heldout'])];
  await writeFile(join(path, 'clips.jsonl'), lines.map((line) => `${line}\n`).join(''));
  const record = {
    ...{
      options: { use: 'train.style', territory: 'DE', asOf: '2026-05-01' },
      rights: { ledger: 'ldg_1', ruleVersion: 'v1' },
    },
  };
  await db.insert(tables.datasetSnapshots).values({ id: 'dst_1', digest: hash('c'), path, record });
  const clip = { snapshotId: 'dst_1', shotId: 'sht_1', titleId: 'ttl_h', caption: 'a pier' };
  await db.insert(tables.datasetClips).values([
    { ...clip, clipId: clips[0], split: 'train' },
    { ...clip, clipId: clips[1], split: 'heldout', shotId: 'sht_2' },
  ]);
}

async function addCatalogue(context: Context): Promise<void> {
  const { db } = context;
  await db.insert(tables.catalogTitles).values({ id: 'ttl_h', name: 'Harbour', unmapped: false });
  const file = { id: 'fil_h', titleId: 'ttl_h', reel: 1, path: '/films/harbour.mp4', sha256: hash('d') };
  await db.insert(tables.catalogFiles).values({ ...file, bytes: 1, frames: 900, fps: '24', facts: {} });
  const shot = { fileId: 'fil_h', inTimecode: '01:00:00:00', outTimecode: '01:00:02:00', facts: {} };
  await db.insert(tables.shotsShots).values({ ...shot, id: 'sht_1', number: 1, inFrame: 0, outFrame: 48 });
  const recording = { id: 'ldg_1', sha256: hash('e'), source: 'ledger.yaml', recordedBy: 'test' };
  const act = { what: 'rights.import', subject: 'ldg_1' };
  await appendLedger(db, { ...recording, document: ledgerSchema.parse(ledger) }, null, act);
}

/** Fills a new workspace. */
export async function addStudio(context: Context): Promise<void> {
  await mkdir(context.paths.takes, { recursive: true });
  await addModels(context);
  await addSnapshot(context);
  await addCatalogue(context);
  await addTake(context, 'tak_1', 'mdl_adapter', 0);
  await addTake(context, 'tak_2', 'mdl_base', 1);
}
