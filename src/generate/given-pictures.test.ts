import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { keepExported } from '../dataset/exported.ts';
import { tables } from '../db/index.ts';
import { type Context, registerBase } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger, type Use } from '../rights/index.ts';
import { clearedFile } from '../rights/ledgers.test-support.ts';
import { firstFrames } from './given-file.ts';
import { shotsInFiles } from './given-pictures.ts';
import { clearBriefs, prepare } from './prepare.ts';
import { briefSchema } from './schema.ts';

/** Pictures that Backlot itself has cut out of films are given as these are. */

let context: Context;
let close: () => Promise<void>;
const clip = 'c'.repeat(64);
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 1]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 1, 1]);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await registerBase(context);
  await catalogue(context, 'harbour', 'harbour.mp4');
  const row = { snapshotId: 'dst_1', titleId: 'ttl_harbour', split: 'heldout', caption: '' };
  await context.db.insert(tables.datasetClips).values({ ...row, clipId: clip, shotId: 'sht_harbour-1' });
  const { paths } = context;
  for (const folder of [firstFrames(paths), paths.thumbnails]) await mkdir(folder, { recursive: true });
  await writeFile(join(firstFrames(paths), `${clip.slice(0, 12)}.png`), png);
  await writeFile(join(paths.thumbnails, 'sht_harbour-0.jpg'), jpeg);
}, 60_000);
afterAll(() => close());

async function allowing(...uses: Use[]): Promise<void> {
  const grants = (clearedFile().grants ?? []).map((grant) => ({ ...grant, uses }));
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), grants, appearances: [] }));
  await importLedger(context, path);
}

/** A copy elsewhere under a name that says nothing. */
async function copied(from: string): Promise<string> {
  const to = join(context.paths.root, `copy of ${from.slice(-3)}`);
  await copyFile(from, to);
  return to;
}

const briefOf = (first: string) => briefSchema.parse({ id: 'a', text: 'a fox', mode: 'first', first });
const giving = (first: string) => prepare(context, { briefs: [briefOf(first)] });

it('a first frame that `run` cut and a thumbnail are given only where their shot may be, wherever they were copied to', async () => {
  const frame = await copied(join(firstFrames(context.paths), `${clip.slice(0, 12)}.png`));
  const still = await copied(join(context.paths.thumbnails, 'sht_harbour-0.jpg'));
  await allowing('train.style');
  for (const [path, shot] of [
    [frame, 'sht_harbour-1'],
    [still, 'sht_harbour-0'],
  ] as const)
    await expect(giving(path)).rejects.toMatchObject({
      code: 'not-cleared',
      facts: { where: path, found: expect.stringContaining(shot) },
    });
  await allowing('condition');
  await expect(giving(frame)).rejects.toThrow(/a shot that is allowed for generate\.previz/);
  await allowing('condition', 'generate.temp');
  for (const path of [frame, still]) await expect(giving(path)).rejects.toMatchObject({ code: 'no-picture' });
});

it('a picture that goes while takes are drawn of it is asked about once more, as what it was', async () => {
  const path = join(context.paths.thumbnails, 'sht_harbour-0.jpg');
  const briefs = [briefOf(await copied(path))];
  const model = await registerBase(context);
  await allowing('condition', 'generate.temp');
  const { pictures } = await clearBriefs(context, model, briefs);
  expect([...pictures.values()]).toEqual(['sht_harbour-0']);
  await rm(path);
  await allowing('train.style');
  const again = clearBriefs(context, model, briefs, pictures);
  await expect(again).rejects.toMatchObject({ code: 'not-cleared' });
});

it('such a picture is known by what takes have recorded once it is gone, and another is nobody’s', async () => {
  const sha256 = createHash('sha256').update('gone').digest('hex');
  const references = [{ role: 'first', path: `/takes/first-frames/${clip.slice(0, 12)}.png`, sha256 }];
  const brief = { id: 'b', text: '', adapters: [], references };
  const made = { briefId: 'b', brief, modelId: 'mdl_base', runId: 'run_1', candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath: '/t.mp4', videoSha256: 'v' };
  await context.db.insert(tables.generateTakes).values({ id: 'tak_1', ...made, ...files });
  const given = new Map([
    ['/elsewhere/a.png', sha256],
    ['/elsewhere/b.png', 'f'.repeat(64)],
  ]);
  expect([...(await shotsInFiles(context, given))]).toEqual([[sha256, 'sht_harbour-1']]);
});

it('a video that was exported is of its shot wherever it was copied to, also when the export is gone', async () => {
  const video = join(context.paths.root, 'moved.mp4');
  await writeFile(video, 'a clip');
  const sha256 = createHash('sha256').update('a clip').digest('hex');
  await keepExported(context.paths, [{ sha256, shot: 'sht_harbour-1' }]);
  await allowing('train.style');
  const briefs = [briefSchema.parse({ id: 'a', text: 'a fox', mode: 'extend', video })];
  await expect(prepare(context, { briefs })).rejects.toMatchObject({
    code: 'not-cleared',
    facts: { where: video, found: expect.stringContaining('shot sht_harbour-1') },
  });
  await writeFile(video, 'another clip');
  await expect(prepare(context, { briefs })).rejects.toMatchObject({ code: 'no-picture' });
});
