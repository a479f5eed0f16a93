import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { ClipLine } from '../contract/index.ts';
import type { Snapshot } from '../dataset/index.ts';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { catalogue } from '../rights/catalogued.test-support.ts';
import { importLedger, type Use } from '../rights/index.ts';
import { clearedFile } from '../rights/ledgers.test-support.ts';
import { heldoutBriefs, unframed } from './briefs.ts';

let root: string;
let context: Context;
let close: () => Promise<void>;

const clip = (title: string, scene: string, n: number, split: ClipLine['split'] = 'heldout'): ClipLine => ({
  ...{ id: `${title}${scene}${n}`.padEnd(64, '0'), shard: 'shard-0.u8', offset: 0, bytes: 2 * 4 * 3 },
  ...{
    frames: 1,
    height: 2,
    width: 4,
    fps: '12/1',
    caption: `${title} ${scene} ${n}`,
    captionSource: 'facts',
  },
  ...{ title, shot: `sht_${n}`, scene, split },
});

const clips = [
  ...[1, 2, 3].map((n) => clip('big', 'x', n)),
  ...[clip('big', 'y', 4), clip('small', 'z', 5), clip('big', 'w', 6, 'train')],
];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'backlot-briefs-'));
  await writeFile(join(root, 'manifest.jsonl'), clips.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeFile(join(root, 'shard-0.u8'), Buffer.alloc(24, 128));
  ({ context, close } = await testContext());
  await addShots(context);
  await allowing('train.style', 'condition', 'generate.previz');
});
afterAll(async () => {
  await close();
  await rm(root, { recursive: true, force: true });
});

/** The shots of the clips, all of one film. */
async function addShots({ db, ...of }: Context): Promise<void> {
  await catalogue({ db, ...of }, 'harbour', 'harbour.mp4');
  const [shot] = await db.select().from(tables.shotsShots);
  if (!shot) throw new Error('no shot');
  await db
    .insert(tables.shotsShots)
    .values(clips.map((one, n) => ({ ...shot, id: one.shot, number: n + 10 })));
}

async function allowing(...uses: Use[]): Promise<void> {
  const grants = (clearedFile().grants ?? []).map((grant) => ({ ...grant, uses }));
  const path = join(root, 'ledger.json');
  await writeFile(path, JSON.stringify({ ...clearedFile(), grants, appearances: [] }));
  await importLedger(context, path);
}

const briefs = (count: number, seed = 1) =>
  heldoutBriefs(context, { id: 'dst_1', path: root } as Snapshot, count, seed);

it('briefs come from held-out clips alone, title by title and scene by scene before any scene again', async () => {
  const texts = (await briefs(3)).map(({ text }) => text.split(' ').slice(0, 2).join(' '));
  expect(texts.toSorted()).toEqual(['big x', 'big y', 'small z']);
  expect(new Set(texts.slice(0, 2).map((text) => text.split(' ')[0])).size).toBe(2);
  expect((await briefs(99)).length).toBe(5);
});

it('every second brief gives the first frame of its clip as a picture', async () => {
  const made = await briefs(4);
  expect(made.map(({ mode }) => mode)).toEqual(['text', 'first', 'text', 'first']);
  expect(made.map(({ first }) => first !== undefined && existsSync(first))).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

it('each says whose caption its words are, so that they can go with it', async () => {
  for (const { text, caption } of await briefs(99))
    expect(caption).toEqual({ dataset: 'dst_1', shot: `sht_${text.split(' ').at(-1)}` });
});

it('a brief whose scene may not be given is drawn from its words alone, and is told of', async () => {
  await allowing('train.style', 'condition');
  const made = await briefs(4);
  expect(made.map(({ id }) => id)).toEqual(['01-text', '02-text', '03-text', '04-text']);
  expect(made.some(({ first }) => first !== undefined)).toBe(false);
  expect(unframed(made)).toEqual(['02-text', '04-text']);
});

it('the same seed gives the same briefs', async () => {
  expect(await briefs(4, 5)).toEqual(await briefs(4, 5));
});
