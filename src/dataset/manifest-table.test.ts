import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClipLine } from '../contract/index.ts';
import { canonicalLines } from './canonical.ts';
import { tableDifference, writeTable } from './manifest-table.ts';
import type { ClipOrigin } from './schema.ts';

const idOf = (n: number) => String(n).padStart(64, '0');
const line = (n: number): ClipLine => ({
  ...{
    id: idOf(n),
    shard: 'shard-00000.u8',
    offset: (n - 1) * 7,
    bytes: 7,
    frames: 2,
    height: 16,
    width: 24,
  },
  ...{ fps: '24000/1001', caption: 'A “heron”\n stands', captionSource: 'model', title: 'ttl_a' },
  ...{ shot: `sht_${n}`, scene: 'a/1', split: 'train' },
});
const origin = (n: number): ClipOrigin => ({
  ...{ id: idOf(n), file: idOf(9), frames: [n, n + 2], shot: `sht_${n}`, deinterlaced: false },
  crop: { x: 0, y: 1, width: 24, height: 16 },
  decision: { outcome: 'ALLOW', grants: ['g1', 'g2'] },
});
const lines = [1, 2, 3].map(line);
const origins = [1, 2, 3].map(origin);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot-table-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is said of a table that was made of these lines, where the snapshot's are those above. */
async function saidOf(ownLines: readonly ClipLine[], ownOrigins: readonly ClipOrigin[]) {
  await writeFile(join(folder, 'manifest.jsonl'), canonicalLines(ownLines));
  await writeFile(join(folder, 'clips.jsonl'), canonicalLines(ownOrigins));
  await writeTable(folder);
  return tableDifference(folder, lines, origins);
}

const second = <T extends object>(rows: readonly T[], other: Partial<T>): T[] =>
  rows.map((row, i) => (i === 1 ? { ...row, ...other } : row));

it('a table that says what the lines say differs in nothing', async () => {
  expect(await saidOf(lines, origins)).toBeNull();
});

it.each<[string, Partial<ClipLine>]>([
  ['caption', { caption: 'Nobody' }],
  ['offset', { offset: 8 }],
  ['split', { split: 'heldout' }],
])('a table with another %s is told by row and field', async (field, other) => {
  expect(await saidOf(second(lines, other), origins)).toMatch(`row 2, ${field}: expected `);
});

it.each<[string, Partial<ClipOrigin>]>([
  ['file', { file: idOf(8) }],
  ['masterFrames', { frames: [2, 5] }],
  ['crop', { crop: { x: 0, y: 0, width: 24, height: 16 } }],
  ['deinterlaced', { deinterlaced: true }],
  ['grants', { decision: { outcome: 'ALLOW', grants: ['g1'] } }],
])('a table that has a clip come from another %s is told by row and field', async (field, other) => {
  expect(await saidOf(lines, second(origins, other))).toMatch(`row 2, ${field}: expected `);
});

it('a table of fewer or more clips is told by the first row that is another', async () => {
  const fewer = await saidOf([line(1), line(3)], origins);
  expect(fewer).toBe(`row 2, id: expected "${idOf(2)}", found "${idOf(3)}"`);
  expect(await saidOf(lines.slice(0, 2), origins)).toBe(`row 3: expected clip ${idOf(3)}, found none`);
  const more = [...lines, line(4)];
  expect(await saidOf(more, [...origins, origin(4)])).toBe(`row 4: expected none, found clip ${idOf(4)}`);
});
