import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '../db/index.ts';
import { importLedger } from '../rights/index.ts';
import { listShots, marksOf, printAgain, purgePictures } from '../shots/index.ts';
import { parseManifest } from './canonical.ts';
import { type Paint, writeFilm } from './films.test-support.ts';
import { freeze } from './freeze.ts';
import type { Snapshot } from './schema.ts';
import { describeSnapshot } from './show.ts';
import { asked, ledger, ledgerOf, studio } from './studio.test-support.ts';

const shotFrames = 48;
const dark = 1;
const black = 3;

/** Shots of its own, one nearly black that both films have (4 grey levels about its mean), and one black. */
const film =
  (seed: number): Paint =>
  (frame, column, row) => {
    const shot = Math.floor(frame / shotFrames);
    if (shot === dark) return 20 + seed + ((column + row) % 3) * 5;
    if (shot === black) return 0;
    return (((column * 7 + row * 13) * ((shot + seed) * 37 + 11)) % 180) + (frame % shotFrames);
  };

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  await writeFilm(join(folder, 'alpha.mp4'), 5 * shotFrames, film(0));
  await writeFilm(join(folder, 'beta.mp4'), 5 * shotFrames, film(5));
  await writeFile(join(folder, 'ledger.json'), JSON.stringify(ledger));
  one = await studio(folder, ['alpha.mp4', 'beta.mp4']);
  await rm(folder, { recursive: true });
  await importLedger(one.context, ledgerOf(one.context));
  snapshot = await freeze(one.context, { ...asked, frames: 17, fps: '24', stride: 8 });
}, 120_000);
afterAll(() => one.close());

describe('shots that show something, but too little for copies of them to be found', () => {
  it('give no clips, so that none is trained on twice or held out too, and are counted', async () => {
    const shots = await listShots(one.context.db);
    expect(shots.map((shot) => shot.in / shotFrames)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
    expect(shots.slice(0, 5).map(({ facts }) => marksOf(facts))).toEqual([
      [],
      ['frozen'],
      [],
      ['black', 'frozen'],
      [],
    ]);
    const lines = parseManifest(await readFile(join(snapshot.path, 'manifest.jsonl'), 'utf8'));
    const given = new Set(lines.map((line) => line.shot));
    expect(shots.filter(({ id }) => given.has(id)).map((shot) => shot.in / shotFrames)).toEqual([
      ...[0, 2, 4, 0, 2, 4],
    ]);
    expect(snapshot.skipped.clips).toEqual({ black: 8, too_flat_to_compare: 8 });
  });

  it('are told of for each film', () => {
    const message =
      '4 clips of 1 shots were left out, as these show too little for copies of them to be found: nearly black or of nearly one colour';
    const told = snapshot.notices.filter(({ code }) => code === 'too-flat-to-compare');
    expect(told.map((notice) => notice.message)).toEqual([message, message]);
    expect(describeSnapshot(snapshot)).toMatch(new RegExp(`notice too-flat-to-compare: .+, .+: ${message}`));
  });
});

describe('of shots whose small pictures went with a withdrawal, and that are permitted again', () => {
  const prints = () => one.context.db.select().from(tables.shotsPrints).orderBy(tables.shotsPrints.shotId);

  it('copies are known again: the next freeze takes the pictures anew, and those that it may not use stay gone', async () => {
    const before = await prints();
    const [kept, ...gone] = (await listShots(one.context.db)).map(({ id }) => id);
    await purgePictures(one.context, gone);
    expect((await prints()).filter(({ grids }) => grids.length > 0).map(({ shotId }) => shotId)).toEqual([
      kept,
    ]);
    const last = gone.at(-1) as string;
    await printAgain(one.context, new Set(gone.slice(0, -1)));
    const after = new Map((await prints()).map(({ shotId, grids }) => [shotId, grids]));
    expect(after.get(last)).toEqual(new Uint8Array());
    await freeze(one.context, { ...asked, frames: 17, fps: '24', stride: 16 });
    expect((await prints()).map(({ shotId, grids }) => [shotId, grids])).toEqual(
      before.map(({ shotId, grids }) => [shotId, grids]),
    );
  });
});
