import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addFiles } from '../catalog/index.ts';
import { importLedger } from '../rights/index.ts';
import { listShots } from '../shots/index.ts';
import { addFacts } from '../shots/store.ts';
import { parseManifest } from './canonical.ts';
import { type Paint, writeFilm } from './films.test-support.ts';
import { freeze } from './freeze.ts';
import type { Snapshot } from './schema.ts';
import { describeSnapshot } from './show.ts';
import { asked, ledger, ledgerOf, studio } from './studio.test-support.ts';
import { readOrigins } from './verify.ts';

/** Where shots begin and the film ends, at 24 a second: four are shorter than the 18 frames that can be compared, one has just these. */
const cuts = [0, 48, 56, 68, 116, 133, 151, 199, 207];

/** A film of patterns that slowly brighten, and the same film a shade lighter. */
const film =
  (lighter: number): Paint =>
  (frame, column, row) => {
    const shot = cuts.findLastIndex((cut) => cut <= frame);
    const pattern = ((column * 7 + row * 13 + shot * 5) * (shot * 37 + 11)) % 180;
    return pattern + lighter + (frame - (cuts[shot] as number));
  };

const lengths = cuts.slice(1).map((cut, i) => cut - (cuts[i] as number));
/** Clips of a fifth of a second. */
const brief = { ...asked, frames: 5, fps: '24', stride: 4 };
const told = (about: string, { notices }: Snapshot) =>
  notices.filter(({ code }) => code === about).map(({ message }) => message);

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
  const frames = cuts.at(-1) as number;
  await writeFilm(join(folder, 'alpha.mp4'), frames, film(0));
  await writeFilm(join(folder, 'beta.mp4'), frames, film(2));
  await writeFile(join(folder, 'ledger.json'), JSON.stringify(ledger));
  one = await studio(folder, ['alpha.mp4', 'beta.mp4']);
  await rm(folder, { recursive: true });
  await importLedger(one.context, ledgerOf(one.context));
  snapshot = await freeze(one.context, brief);
}, 120_000);
afterAll(() => one.close());

describe('shots under three quarters of a second, of which copies cannot be found', () => {
  it('give no clips, so that none is there twice, and are counted', async () => {
    const shots = await listShots(one.context.db);
    expect(shots.map((shot) => shot.out - shot.in)).toEqual([...lengths, ...lengths]);
    expect(snapshot.skipped.shots).toEqual({ copy: 4, too_short_to_compare: 8 });
    const lines = parseManifest(await readFile(join(snapshot.path, 'manifest.jsonl'), 'utf8'));
    const given = new Set(lines.map((line) => line.shot));
    expect(given.size).toBe(4);
    const places = (await readOrigins(snapshot.path)).map(({ frames }) => frames.join());
    expect(new Set(places).size).toBe(places.length);
  });

  it('are told of for each film, with what they are missed for', () => {
    const message =
      '4 shots under .75 s give no clips, as copies of them cannot be found: clips of a second and more lose none';
    expect(told('too-short-to-compare', snapshot)).toEqual([message, message]);
    const text = describeSnapshot(snapshot);
    expect(text).toContain(`notice too-short-to-compare: alpha, beta: ${message}`);
    expect(text.split(message)).toHaveLength(2);
  });

  it('are not missed where clips are longer than they are', async () => {
    const longer = await freeze(one.context, { ...asked, frames: 21, fps: '24' });
    expect(longer.skipped.shots).toEqual({ copy: 3, too_short: 10 });
    expect(told('too-short-to-compare', longer)).toEqual([]);
  });
});

describe('shots in which nobody looked for text', () => {
  const message = (count: number) =>
    `text was not looked for in ${count} shots that give clips, so none was left out for it: shots text reads them`;

  it('are counted for each film, as long as they are not read', async () => {
    expect(told('text-unknown', snapshot)).toEqual([message(4)]);
    expect(describeSnapshot(snapshot)).toContain(`notice text-unknown: alpha: ${message(4)}`);
    const text = { frames: 3, share: 0, covered: 0, lines: [], names: [] };
    const { db } = one.context;
    for (const { id, fileId } of (await listShots(db)).filter((shot) => shot.in < 116)) {
      await addFacts(db, fileId, [[id, { text }]]);
    }
    expect(told('text-unknown', await freeze(one.context, brief))).toEqual([message(2)]);
  });

  it('are nothing to tell of where text may stay', async () => {
    expect(told('text-unknown', await freeze(one.context, { ...brief, text: 'keep' }))).toEqual([]);
  });
});

describe('a reel of which no shots were found', () => {
  it('is told where others of its title give clips', async () => {
    const { context } = one;
    const second = join(context.paths.root, 'the films', 'reel two.mp4');
    await writeFilm(second, 30, film(9));
    const first = join(context.paths.root, 'the films', 'alpha.mp4');
    await addFiles(context, { paths: [first, second], title: 'alpha' });
    expect(told('no-shots', await freeze(context, brief))).toEqual([
      'reel two.mp4, reel 2 of alpha: no shots were found of it, so nothing of it is here (shots list says why)',
    ]);
  });
});

it('a reel that was never added is told where others of its title give clips', async () => {
  const { context } = one;
  const map = join(context.paths.root, 'the films', 'map.csv');
  await writeFile(map, 'file,title,reel\nalpha.mp4,alpha,4\n"reel two.mp4",alpha,2\n');
  await addFiles(context, { paths: [join(context.paths.root, 'the films')], map });
  expect(told('reel-missing', await freeze(context, brief))).toEqual([
    'reel 1 of alpha: not in the catalogue, so nothing of it is here',
    'reel 3 of alpha: not in the catalogue, so nothing of it is here',
  ]);
});
