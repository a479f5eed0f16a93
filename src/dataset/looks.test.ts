import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger } from '../rights/index.ts';
import { indexPath } from './index-store.ts';
import { looksPath } from './looks.ts';
import { nearestRows } from './nearest.ts';
import { purgeIndex } from './purge.ts';
import { searchInputSchema } from './schema.ts';
import { searchShots } from './search.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
const like = async (shot: string, more: object = {}) =>
  searchShots(workspace.context, searchInputSchema.parse({ like: shot, ...more }));
const ids = async (shot: string, more: object = {}) => (await like(shot, more)).shots.map(({ id }) => id);

/** A sky over a field with a tree somewhere, as JPEG. */
async function picture(shot: string, sky: string, field: string, tree: number): Promise<void> {
  const { db, paths } = workspace.context;
  const canvas = createCanvas(320, 240);
  const context = canvas.getContext('2d');
  const fill = (colour: string, ...box: [number, number, number, number]) => {
    context.fillStyle = colour;
    context.fillRect(...box);
  };
  fill(sky, 0, 0, 320, 140);
  fill(field, 0, 140, 320, 100);
  fill('#402010', tree, 60, 24, 100);
  const path = join(paths.thumbnails, `${shot}.jpg`);
  await writeFile(path, await canvas.encode('jpeg', 85));
  await db.update(tables.shotsShots).set({ thumbnail: path }).where(eq(tables.shotsShots.id, shot));
}

async function film(name: string): Promise<void> {
  await catalogue(workspace.context, name, `${name}.mp4`);
  const pass = { fileId: `fil_${name}`, detector: 'test', facts: {} };
  await workspace.context.db.insert(tables.shotsPasses).values(pass);
}

beforeAll(async () => {
  workspace = await testContext();
  await mkdir(workspace.context.paths.thumbnails, { recursive: true });
  for (const name of ['noon', 'dusk']) await film(name);
  await picture('sht_noon-0', '#80b0ff', '#40a040', 80);
  await picture('sht_noon-1', '#201030', '#303030', 240);
  await picture('sht_dusk-0', '#78a8f8', '#48a848', 96);
  await picture('sht_dusk-1', '#ff8040', '#604020', 200);
}, 60_000);
afterAll(() => workspace.close());

describe('shots that look like one', () => {
  it('come the likest first, without the one itself, and say how far they are', async () => {
    const { found, shots } = await like('sht_noon-0');
    expect([found, shots[0]?.id, shots.length]).toEqual([3, 'sht_dusk-0', 3]);
    const distances = shots.map(({ distance }) => distance ?? -1);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances[0]).toBeLessThan((distances[1] ?? 0) / 3);
  });

  it('are of those that match what else is asked, a page at a time', async () => {
    expect(await ids('sht_noon-0', { title: 'noon' })).toEqual(['sht_noon-1']);
    expect(await like('sht_noon-0', { title: 'nothing' })).toMatchObject({ found: 0, minutes: 0, shots: [] });
    const all = await ids('sht_noon-0');
    expect(await ids('sht_noon-0', { limit: 1, offset: 1 })).toEqual([all[1]]);
  });

  it('follow films that come, and pictures that are lost or were never there are left out', async () => {
    await film('dawn');
    await picture('sht_dawn-0', '#80b0ff', '#40a040', 84);
    expect((await ids('sht_noon-0'))[0]).toBe('sht_dawn-0');
    expect((await like('sht_noon-0')).found).toBe(4);
    await expect(like('sht_dawn-1')).rejects.toMatchObject({ code: 'no-picture' });
    await expect(like('sht_none')).rejects.toMatchObject({ code: 'no-such-shot' });
  });

  it('are found again where the file of looks is lost', async () => {
    await rm(looksPath(workspace.context.paths));
    expect((await ids('sht_noon-0'))[0]).toBe('sht_dawn-0');
  });

  it('are looked at again where the index is lost, and the rows of the lost one go', async () => {
    const { paths } = workspace.context;
    const before = (await stat(looksPath(paths))).size;
    await rm(indexPath(paths));
    expect((await ids('sht_noon-0'))[0]).toBe('sht_dawn-0');
    expect((await stat(looksPath(paths))).size).toBe(before);
  });

  it('are no withdrawn ones, also where their thumbnails are still there', async () => {
    const title = { id: 'dawn', name: 'dawn', files: ['dawn.mp4'], shares: [{ party: 's', share: '100%' }] };
    const ledger = {
      version: 1,
      parties: [{ id: 's', kind: 'org', name: 'S' }],
      titles: [{ ...title, withdrawn: '2026-01-01' }],
    };
    const path = join(workspace.context.paths.root, 'ledger.json');
    await writeFile(path, JSON.stringify(ledger));
    await importLedger(workspace.context, path);
    await purgeIndex(workspace.context);
    expect(await ids('sht_noon-0')).not.toContain('sht_dawn-0');
  });
});

it('of equally far rows the lowest are the nearest, in whatever order they are given', () => {
  const table = Int8Array.from([9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  const rows = (order: number[]) => nearestRows(table, new Int8Array(4), order, 2).map(({ row }) => row);
  expect([rows([3, 0, 2, 1]), rows([0, 1, 2, 3]), rows([2, 3, 1])]).toEqual([
    ...[
      [1, 2],
      [1, 2],
      [1, 2],
    ],
  ]);
});

it('the nearest rows are those that looking at all of them in order finds', () => {
  const row = fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      row,
      fc.integer({ min: 1, max: 8 }),
      (rows, to, most) => {
        const far = rows.map((one, i) => ({
          row: i,
          distance: Math.sqrt(one.reduce((sum, value, k) => sum + (value - (to[k] ?? 0)) ** 2, 0) / 20),
        }));
        const expected = far.toSorted((a, b) => a.distance - b.distance || a.row - b.row).slice(0, most);
        const near = nearestRows(Int8Array.from(rows.flat()), Int8Array.from(to), null, most);
        expect(near).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});
