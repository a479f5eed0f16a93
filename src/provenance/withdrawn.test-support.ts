import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { tables } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger, ledgerSchema } from '../rights/index.ts';
import { handOver } from './delivery/hand-over.ts';
import type { Answered } from './delivery-schema.ts';

/** A workspace whose two titles have reached models, takes, signed files and a cut. */

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const names = ['harbour', 'quarry'];

const ledger = ledgerSchema.parse({
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Example Studio' },
    { id: 'ann', kind: 'person', name: 'Ann Example' },
    { id: 'bob', kind: 'person', name: 'Bob Example' },
  ],
  titles: names.map((id) => ({
    ...{ id, name: id, files: [`${id}.mp4`], shares: [{ party: 'studio', share: '100%' }] },
  })),
  grants: [
    ...names.map((id) => ({ id: `g-${id}`, titles: [id], uses: ['train.style'] })),
    { id: 'g-whole', titles: ['harbour'], uses: ['train.foundation'] },
    { id: 'g-replica', titles: ['harbour'], uses: ['train.performer'] },
    { id: 'g-final', titles: ['harbour'], uses: ['generate.final'] },
    { id: 'g-takes', titles: ['quarry'], uses: ['generate.temp'] },
  ].map((grant) => ({ ...grant, grantor: 'studio', territories: ['world'] })),
  consents: [
    {
      ...{ id: 'ann-agreed', party: 'ann', answer: 'given', titles: ['quarry'], uses: ['train.style'] },
      ...{ territories: ['world'], described: 'style training' },
    },
    {
      ...{ id: 'ann-takes', party: 'ann', answer: 'given', titles: ['quarry'], uses: ['generate.temp'] },
      ...{ territories: ['world'], described: 'takes' },
    },
    {
      ...{ id: 'bob-agreed', party: 'bob', answer: 'given', titles: ['quarry'], uses: ['train.performer'] },
      ...{ territories: ['world'], described: 'a replica' },
    },
  ],
  appearances: [
    {
      ...{ id: 'seen', party: 'ann', title: 'quarry', file: 'quarry.mp4', status: 'confirmed' },
      shots: [{ in: 0, out: 10 }],
    },
  ],
});

export async function fillWorkspace(context: Context): Promise<void> {
  const { paths } = context;
  const file = join(paths.root, 'ledger.json');
  await writeFile(file, JSON.stringify(ledger));
  await importLedger(context, file);
  for (const name of names) await addTitle(context, name);
  await addModels(context);
  await addTakes(context);
}

/** A caption of the film's first shot, by a model that was sent its picture. */
export async function addCaption({ db }: Context, name: string, endpoint: string): Promise<void> {
  const { datasetCaptions, datasetDisclosures, datasetSendings } = tables;
  const place = { shotId: `sht_${name}-0`, who: 'test', model: 'seer' };
  const row = {
    titleId: `ttl_${name}`,
    endpoint,
    operator: 'vendor',
    territory: 'GB',
    allowed: true,
    who: 'test',
  };
  const [by] = await db.insert(datasetDisclosures).values(row).returning();
  const sending = { ...place, disclosureId: by?.id ?? 0, picture: hashOf(name) };
  await db.insert(datasetSendings).values(sending);
  await db
    .insert(datasetCaptions)
    .values({ ...place, fileId: `fil_${name}`, source: 'model', caption: `a pier of ${name}` });
}

/** A snapshot of both shots of a film. */
async function addTitle(context: Context, name: string): Promise<void> {
  const { db, paths } = context;
  await catalogue(context, name, `${name}.mp4`);
  await addThumbnails(context, name);
  await addSidecars(context, name);
  const path = join(paths.datasets, name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'manifest.jsonl'), `${name}\n`);
  await writeFile(join(path, 'snapshot.json'), '{}');
  const record = { options: { use: 'train.style' } };
  const id = `dst_${name}`;
  await db.insert(tables.datasetSnapshots).values({ id, digest: hashOf(`${name}\n`), path, record });
  const clip = { snapshotId: id, titleId: `ttl_${name}`, split: 'train', caption: 'a pier' };
  const shots = [`sht_${name}-0`, `sht_${name}-1`];
  await db
    .insert(tables.datasetClips)
    .values(shots.map((shotId) => ({ ...clip, shotId, clipId: hashOf(shotId) })));
}

/** Subtitles beside a film, and a mark, which says nothing of its shots. */
async function addSidecars({ db }: Context, name: string): Promise<void> {
  const kinds = ['srt', 'xmp'];
  await db.insert(tables.catalogSidecars).values(
    kinds.map((kind) => ({
      ...{ id: `${name}-${kind}`, fileId: `fil_${name}`, kind, path: `/masters/${name}.${kind}`, sha256: '' },
    })),
  );
}

/** Of one of two the row names the place where the workspace was made, before it was copied here. */
async function addThumbnails({ db, paths }: Context, name: string): Promise<void> {
  await mkdir(paths.thumbnails, { recursive: true });
  for (const [id, folder] of [
    [`sht_${name}-0`, paths.thumbnails],
    [`sht_${name}-1`, '/elsewhere/thumbnails'],
  ] as const) {
    const thumbnail = join(folder, `${id}.jpg`);
    await writeFile(join(paths.thumbnails, `${id}.jpg`), 'a picture');
    await db.update(tables.shotsShots).set({ thumbnail }).where(eq(tables.shotsShots.id, id));
    const print = { shotId: id, fileId: `fil_${name}`, first: 0, grids: new Uint8Array(24 * 14) };
    await db.insert(tables.shotsPrints).values(print);
  }
}

/** An adapter for each title, a whole model on the harbour, and an adapter on that one. */
async function addModels(context: Context): Promise<void> {
  const { db, paths } = context;
  const model = (id: string, kind: string, baseId: string | null, snapshotId: string | null) => ({
    ...{ id, name: id, kind, path: `/models/${id}`, sha256: hashOf(id), baseId, snapshotId },
    ...{ runId: null, record: {} },
  });
  await db
    .insert(tables.trainModels)
    .values([
      model('mdl_base', 'base', null, null),
      model('mdl_harbour', 'adapter', 'mdl_base', 'dst_harbour'),
      model('mdl_quarry', 'adapter', 'mdl_base', 'dst_quarry'),
      model('mdl_whole', 'full', 'mdl_base', 'dst_harbour'),
      model('mdl_heir', 'adapter', 'mdl_whole', 'dst_quarry'),
    ]);
  const said = { maker: 'Example Labs', licence: 'Apache-2.0', learnedFrom: 'rendered stills', who: 'test' };
  await db.insert(tables.trainOrigins).values({ modelId: 'mdl_base', sha256: hashOf('mdl_base'), ...said });
  await addForecast(context);
  const path = join(paths.datasets, 'harbour');
  const dataset = { path, digest: hashOf('harbour\n') };
  const base = { path: '/models/mdl_base', sha256: hashOf('mdl_base') };
  // As an older engine wrote it, which named no version of itself.
  const job = { version: 1, id: 'run_1', seed: 1, threads: 1, device: 'cpu', kind: 'encode', dataset, base };
  await mkdir(join(paths.runs, 'run_1', 'checkpoints', 'step-000002'), { recursive: true });
  await writeFile(join(paths.runs, 'run_1', 'job.json'), JSON.stringify(job));
  const takes = { path: join(paths.runs, 'run_1', 'takes.jsonl'), sha256: hashOf('takes') };
  await mkdir(join(paths.runs, 'run_crisp'));
  await writeFile(join(paths.runs, 'run_crisp', 'job.json'), JSON.stringify({ kind: 'upscale', takes }));
  await writeFile(join(paths.runs, 'run_crisp', 'outcome.json'), '{}');
}

/** A forecast on the harbour with one trial. */
async function addForecast({ db, paths }: Context): Promise<void> {
  const path = join(paths.runs, 'run_trial', 'adapter');
  const checkpoint = join(paths.runs, 'run_trial', 'checkpoints', 'step-000001');
  for (const folder of [path, checkpoint]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'weights.safetensors'), 'learned');
  }
  await writeFile(join(paths.runs, 'run_trial', 'outcome.json'), '{}');
  await db.insert(tables.trainModels).values({
    ...{ id: 'mdl_trial', name: 'trial', kind: 'trial', path, sha256: hashOf('mdl_trial') },
    ...{ baseId: 'mdl_base', snapshotId: 'dst_harbour', runId: 'run_trial', record: {} },
  });
  await db
    .insert(tables.assessForecasts)
    .values({ id: 'fct_harbour', snapshotId: 'dst_harbour', document: {} });
}

async function addTakes({ db }: Context): Promise<void> {
  const take = (id: string, modelId: string, adapters: string[]) => ({
    ...{ id, briefId: id, modelId, runId: 'run_2', candidate: 0, seed: 1, rawPath: '', rawSha256: '' },
    ...{ videoPath: `/takes/${id}.mp4`, videoSha256: hashOf(id) },
    brief: { id, text: '', adapters: adapters.map((adapter) => ({ id: adapter, weight: 1 })) },
  });
  await db
    .insert(tables.generateTakes)
    .values([
      take('tak_base', 'mdl_base', []),
      take('tak_harbour', 'mdl_harbour', ['mdl_harbour']),
      take('tak_quarry', 'mdl_quarry', ['mdl_quarry']),
      take('tak_heir', 'mdl_heir', ['mdl_heir']),
      take('tak_mixed', 'mdl_base', ['mdl_quarry', 'mdl_harbour']),
    ]);
}

/** A take of the base alone whose brief gave it a catalogued film. */
export async function addGivenTake(context: Context, id: string, film: string): Promise<void> {
  const [file] = (await context.db.query.catalogFiles.findMany()).filter(({ path }) => path.endsWith(film));
  await addTakeGiven(context, id, { path: file?.path ?? '', sha256: file?.sha256 ?? '' });
}

/** A take whose brief gave it a file. */
export async function addTakeGiven(
  { db }: Context,
  id: string,
  given: { role?: string; path: string; sha256: string; shot?: string },
  modelId = 'mdl_base',
): Promise<void> {
  const brief = { id, text: '', adapters: [], references: [{ role: 'video', ...given }] };
  const made = { briefId: id, brief, modelId, runId: 'run_2', candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath: `/takes/${id}.mp4`, videoSha256: hashOf(id) };
  await db.insert(tables.generateTakes).values({ id, ...made, ...files });
}

/** A cut, an exported dataset and two exported adapters, as the audit log remembers them. */
export async function noteExits(context: Context): Promise<void> {
  const cut = {
    what: 'provenance.cut',
    subject: '/cuts/one.otio',
    details: { takes: ['tak_base', 'tak_heir'] },
  };
  await appendAudit(context.db, { who: 'test', ...cut });
  const exported = {
    what: 'dataset.export',
    subject: 'dst_harbour',
    details: { folder: '/exports/harbour' },
  };
  await appendAudit(context.db, { who: 'test', ...exported });
  for (const name of ['heir', 'quarry']) {
    const details = { file: `/exports/${name}.safetensors`, sha256: hashOf(name), style: 'comfyui' };
    await appendAudit(context.db, {
      who: 'test',
      what: 'adapter.export',
      subject: `mdl_${name}`,
      details,
    });
  }
}

/** Two shots that show the same, as the shots stage notes them. */
export async function showTheSame({ db }: Context, a: string, b: string): Promise<void> {
  const at = (shot: string) => ({ shot, in: 0, out: 24 });
  const facts = { a: at(a), b: at(b), kinds: [], similarity: 0.99, speed: 1 };
  await db.insert(tables.shotsCopies).values({ a, b, facts });
}

/** Hands one take over. @returns the folder */
export async function handOverTake(
  context: Context,
  id: string,
  answers: Partial<Answered> = {},
): Promise<string> {
  const { root } = context.paths;
  await chmod(root, 0o700);
  const to = join(root, `handed-${id}-${answers.purpose ?? 'temp'}`);
  const answered = { purpose: 'temp', recreates: 'no', secured: 'yes', replaces: 'no', ...answers } as const;
  const fill = async (draft: string) => {
    await writeFile(join(draft, 'a.mp4'), 'a take');
    return [{ id, file: 'a.mp4', sha256: hashOf('a take'), lineage: hashOf('lineage') }];
  };
  await handOver(context, answered, { takes: [id], to, fill });
  return to;
}
