import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { frameTablePath, writeFrameTable } from '../../src/catalog/frame-table.ts';
import type { Report } from '../../src/contract/index.ts';
import { cutKey } from '../../src/dataset/cache.ts';
import { byCrop, cutOf } from '../../src/dataset/cut-films.ts';
import { readFilms } from '../../src/dataset/films.ts';
import { freeze } from '../../src/dataset/freeze.ts';
import { planFilm } from '../../src/dataset/plan.ts';
import { freezeOptionsSchema } from '../../src/dataset/schema.ts';
import { tables } from '../../src/db/index.ts';
import type { Context } from '../../src/jobs/index.ts';
import { facts } from '../../src/rights/catalogued.test-support.ts';
import { importLedger } from '../../src/rights/index.ts';
import { testContext } from '../../test/support/context.ts';

/** How long does a freeze take beside cutting: decisions, captions, splits, the manifest, shards, table and seal? */

const SEED = 7;
const FULL = { titles: 200, shots: 500 };
const QUICK = { titles: 10, shots: 100 };
/** Frames of a shot, at 24 a second. */
const LENGTH = 48;
/** Clips are as small as they may be: how fast a disk takes pictures is not the question. */
const options = freezeOptionsSchema.parse({
  ...{ frames: 5, width: 16, height: 16, clipsPerShot: 1, asOf: '2026-05-01' },
});

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const began = performance.now();
  const { titles, shots } = quick ? QUICK : FULL;
  const { context, close } = await testContext();
  try {
    report({ phase: 'making a catalogue', done: 0, total: 1, unit: 'catalogues' });
    for (let n = 0; n < titles; n++) await addFilm(context, n, shots);
    await grantAll(context, titles);
    await cutBeforehand(context, titles * shots);
    const [start, before] = [performance.now(), process.cpuUsage()];
    const { clips, digest } = await freeze({ ...context, report }, options);
    const { user, system } = process.cpuUsage(before);
    const rows = [
      { what: 'clips frozen', value: clips.train + clips.heldout, unit: 'clips' },
      { what: 'wall clock', value: (performance.now() - start) / 1000, unit: 's' },
      { what: 'processor', value: (user + system) / 1e6, unit: 's' },
      { what: 'peak memory', value: process.resourceUsage().maxRSS / 1024, unit: 'MB' },
      { what: 'digest', value: digest.slice(0, 12), unit: '' },
    ];
    return { bench: 'freeze', seed: SEED, rows, seconds: (performance.now() - began) / 1000 };
  } finally {
    await close();
  }
}

const hashOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');
const { catalogFiles, catalogSidecars, catalogTitles, shotsPasses, shotsShots } = tables;

/** A film with a shot list of six shots a scene. */
async function addFilm({ db, paths }: Context, n: number, shots: number): Promise<void> {
  const [id, frames] = [`fil_${n}`, shots * LENGTH];
  const active = { activePicture: { x: 0, y: 0, width: 1280, height: 720 }, barFrames: 9 };
  const path = join(paths.root, `${n}.csv`);
  const list = Array.from({ length: shots }, (_, i) => listed(i)).join('\n');
  await writeFile(path, `in,out,scene,description\n${list}\n`);
  await writeFrameTable(frameTablePath(paths, id), {
    timeBase: '1/24',
    pts: Array.from({ length: frames }, (_, i) => i),
  });
  await db.insert(catalogTitles).values({ id: `ttl_${n}`, name: `t${n}`, unmapped: false });
  const size = { bytes: 1, frames, fps: '24/1', reel: 1 };
  const file = { id, titleId: `ttl_${n}`, path: `/masters/t${n}.mp4`, sha256: hashOf(id), ...size };
  await db.insert(catalogFiles).values({ ...file, facts });
  await db
    .insert(catalogSidecars)
    .values({ id: `sdc_${n}`, fileId: id, kind: 'csv', path, sha256: hashOf(list) });
  await db.insert(shotsPasses).values({ fileId: id, detector: 'bench', facts: active });
  await db.insert(shotsShots).values(Array.from({ length: shots }, (_, i) => shotRow(id, i)));
}

const listed = (i: number): string =>
  `${i * LENGTH},${(i + 1) * LENGTH},${Math.floor(i / 6)},somebody ${i} walks by the water`;

const shotRow = (fileId: string, i: number) => ({
  ...{ id: `sht_${fileId}_${String(i).padStart(4, '0')}`, fileId, number: i + 1, thumbnail: null },
  ...{
    inFrame: i * LENGTH,
    outFrame: (i + 1) * LENGTH,
    inTimecode: '00:00:00:00',
    outTimecode: '00:00:02:00',
  },
  facts: { luma: 90, colour: [90, 80, (i * 37) % 200], motion: 1, sharpness: 5 },
});

async function grantAll(context: Context, titles: number): Promise<void> {
  const ids = Array.from({ length: titles }, (_, n) => `t${n}`);
  const ledger = {
    version: 1,
    parties: [{ id: 'studio', kind: 'org', name: 'Studio' }],
    titles: ids.map((id) => ({
      id,
      name: id,
      files: [`${id}.mp4`],
      shares: [{ party: 'studio', share: '100%' }],
    })),
    grants: [{ id: 'g1', grantor: 'studio', titles: ids, uses: ['train.style'], territories: ['world'] }],
  };
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(ledger));
  await importLedger(context, path);
}

/** Puts cuts into the cache as an earlier freeze would have left them: clips of noise, each another. */
async function cutBeforehand(context: Context, shots: number): Promise<void> {
  const asked = { ...options, asOf: '2026-05-01', stride: 2 };
  const rows = await context.db.select({ id: shotsShots.id }).from(shotsShots);
  const allowed = new Map(rows.map(({ id }) => [id, ['g1']]));
  const bytes = options.frames * options.height * options.width * 3;
  let made = 0;
  for (const film of (await readFilms(context, allowed)).films) {
    const plan = planFilm(film, allowed, asked);
    const clips = plan.clips.map(() => clipOf(made++, bytes));
    const [part] = byCrop(plan);
    if (!part) continue;
    const folder = join(context.paths.datasets, 'cache', cutKey(cutOf(part, asked)));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'clips.u8'), Buffer.concat(clips));
    await writeFile(
      join(folder, 'clips.json'),
      JSON.stringify(clips.map((clip) => ({ id: hashOf(clip), nothing: null }))),
    );
  }
  if (made !== shots) throw new Error(`${made} clips planned, of ${shots} shots`);
}

/** The clip's number over and over: what it shows does not count here. */
function clipOf(number: number, bytes: number): Buffer {
  return Buffer.alloc(bytes, Uint8Array.of(SEED, number & 255, (number >> 8) & 255, number >> 16));
}
