import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tables } from '../../db/index.ts';
import { type Context, canonical } from '../../jobs/index.ts';
import { catalogue } from '../../rights/catalogued.test-support.ts';
import { importLedger, type LedgerFile } from '../../rights/index.ts';
import { leaveOutcome } from '../../trust/mark.test-support.ts';

/** A workspace with one training on two films of different owners, and a take that was given one of them. */

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Until then Harbour is the studio's, and a third of Quarry. */
const soldLater = (share: string) => ({ from: 'studio', to: 'heirs', share, on: '2026-01-21' });

export const ledgerFile: LedgerFile = {
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Example Studio' },
    { id: 'heirs', kind: 'estate', name: 'Heirs < Example & Sons' },
    { id: 'ann', kind: 'person', name: 'Ann Example' },
    { id: 'bob', kind: 'person', name: 'Bob Example' },
  ],
  titles: [
    {
      ...{ id: 'harbour', name: 'Harbour', files: ['harbour.mp4'], chain: [soldLater('100%')] },
      shares: [{ party: 'heirs', share: '100%' }],
    },
    {
      ...{ id: 'quarry', name: 'Quarry', files: ['quarry.mp4'], chain: [soldLater('1/3')] },
      shares: [{ party: 'heirs', share: '100%' }],
    },
  ],
  appearances: [
    {
      ...{ id: 'a1', party: 'ann', title: 'quarry', file: 'quarry.mp4', status: 'confirmed' },
      shots: [{ in: 0, out: 10 }],
    },
    { id: 'a2', party: 'ann', title: 'harbour', file: 'harbour.mp4', status: 'confirmed', shots: 'all' },
    { id: 'a3', party: 'bob', title: 'harbour', file: 'harbour.mp4', status: 'proposed', shots: 'all' },
  ],
};

export async function recordLedger(context: Context, ledger: LedgerFile = ledgerFile): Promise<string> {
  const file = join(context.paths.root, 'ledger.json');
  await writeFile(file, JSON.stringify(ledger));
  return (await importLedger(context, file)).ledger;
}

/** Four clips of 16 frames at 12 a second, one a shot. */
export async function fillAccounts(context: Context, file = ledgerFile): Promise<void> {
  const { db } = context;
  const ledger = await recordLedger(context, file);
  for (const name of ['harbour', 'quarry']) await catalogue(context, name, `${name}.mp4`);
  const record = { options: { frames: 16, fps: '12' }, rights: { ledger } };
  const path = join(context.paths.datasets, 'one');
  await db.insert(tables.datasetSnapshots).values({ id: 'dst_1', digest: hashOf('dst'), path, record });
  const shots = ['harbour-0', 'harbour-1', 'quarry-0', 'quarry-1'];
  await db.insert(tables.datasetClips).values(
    shots.map((name, i) => ({
      ...{ snapshotId: 'dst_1', clipId: `${i}`.repeat(64), shotId: `sht_${name}` },
      ...{ titleId: `ttl_${name.split('-')[0]}`, split: 'train', caption: 'a pier' },
    })),
  );
  const run = await addRun(context, 'succeeded', '2026-01-10T10:00:00.123456+00:00');
  const model = { id: 'mdl_1', name: 'one', kind: 'adapter', path: '/m', sha256: hashOf('m') };
  await db.insert(tables.trainModels).values({ ...model, snapshotId: 'dst_1', runId: run, record: {} });
  await addTake(context, 'tak_1', '2026-01-20T00:00:00Z');
}

/**
 * A run's directory; 5 steps of 4 clips, so that each of the four is shown five times.
 * @param ended as its events say
 * @param marked as its outcome says; undefined: one of a version that did not
 */
export async function addRun(
  context: Context,
  status: string,
  ended: string,
  seed = 1,
  marked?: string,
): Promise<string> {
  const dataset = { path: join(context.paths.datasets, 'one'), digest: hashOf('dst') };
  const content = {
    kind: 'train',
    version: 1,
    seed,
    steps: 5,
    batch: 4,
    mirror: false,
    subset: null,
    dataset,
  };
  const id = `run_${hashOf(canonical(content)).slice(0, 12)}`;
  const folder = join(context.paths.runs, id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'job.json'), JSON.stringify({ ...content, id }));
  await writeFile(join(folder, 'events.jsonl'), `{"seq":0,"at":"${ended}","type":"phase","name":"finish"}\n`);
  const outcomes: Record<string, object> = {
    succeeded: { status, result: {}, endedAt: marked },
    cancelled: { status, resumeFrom: null },
  };
  await leaveOutcome(folder, id, outcomes[status] ?? {});
  return id;
}

async function addTake({ db }: Context, id: string, madeAt: string): Promise<void> {
  const film = Buffer.from('harbour').toString('hex').padEnd(64, '0');
  const references = [
    { role: 'video', path: '/masters/harbour.mp4', sha256: film },
    { role: 'first', path: '/pictures/stranger.png', sha256: hashOf('stranger') },
  ];
  const files = { rawPath: '', rawSha256: '', videoPath: '/takes/1.mp4', videoSha256: hashOf(id) };
  const brief = { id: 'b', text: '', adapters: [], references };
  await db.insert(tables.generateTakes).values({
    ...{ id, briefId: 'b', brief, modelId: 'mdl_1', runId: 'run_2', candidate: 0, seed: 1 },
    ...{ ...files, madeAt: new Date(madeAt) },
  });
}
