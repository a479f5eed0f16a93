import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../catalog/index.ts';
import { importLedger } from '../rights/index.ts';
import { keepShots } from '../shots/copies/duplicates.ts';
import { listShots } from '../shots/index.ts';
import { exportSnapshot } from './export.ts';
import { exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import type { Snapshot } from './schema.ts';
import { asked, filmsOf, ledgerOf, studio } from './studio.test-support.ts';

let one: Awaited<ReturnType<typeof studio>>;
const at = (name: string) => join(filmsOf(one.context), name);
/** Nothing of these sizes was cut before, so that every film is needed; of text, which may stay, nothing is told. */
const sized = (width: number) => freeze(one.context, { ...asked, width, text: 'keep' });
const skippedIn = async ({ path }: Snapshot) =>
  (await readFile(join(path, 'skipped.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { shot: string; reason: string });

beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
  // Two of beta's three shots are copies of alpha's last two: these stay as long as alpha is there.
  const alpha = (await listFiles(one.context.db)).find(({ path }) => path === at('alpha.mp4'));
  for (const { id } of await listShots(one.context.db, alpha?.id)) await keepShots(one.context, [id]);
}, 120_000);
afterAll(() => one.close());

describe('a freeze while a master', () => {
  it('is missing leaves its shots out by a rule, names each, and freezes what shows the same elsewhere', async () => {
    await rename(at('alpha.mp4'), at('away.mp4'));
    const snapshot = await sized(96);
    await rename(at('away.mp4'), at('alpha.mp4'));
    expect(snapshot.skipped).toEqual({ shots: { master_missing: 5 }, clips: {} });
    expect(snapshot.titles.map(({ name, train, heldout }) => [name, train + heldout])).toEqual([
      ['alpha', 0],
      ['beta', 6],
    ]);
    expect((await skippedIn(snapshot)).map(({ reason }) => reason)).toEqual(Array(5).fill('master_missing'));
    expect(snapshot.notices).toEqual([
      { file: expect.any(String), code: 'master_missing', message: 'alpha.mp4: not where it was catalogued' },
    ]);
  });

  it('does not read, or holds other bytes, says which of both', async () => {
    const film = await readFile(at('alpha.mp4'));
    await copyFile(at('alpha.mp4'), at('away.mp4'));
    await writeFile(at('alpha.mp4'), film.subarray(0, -7));
    expect((await sized(80)).skipped.shots).toEqual({ master_changed: 5 });
    await rm(at('alpha.mp4'));
    await mkdir(at('alpha.mp4'));
    const unread = await sized(64);
    expect(unread.skipped.shots).toEqual({ master_unreadable: 5 });
    expect(unread.notices).toMatchObject([{ message: 'alpha.mp4: cannot be read (EISDIR)' }]);
    await rm(at('alpha.mp4'), { recursive: true });
    await rename(at('away.mp4'), at('alpha.mp4'));
  });

  it('is missing as all others are fails and says where it looked', async () => {
    for (const name of ['alpha', 'beta']) await rename(at(`${name}.mp4`), at(`${name}.away`));
    await expect(sized(48)).rejects.toMatchObject({
      code: 'master-missing',
      facts: { where: at('alpha.mp4') },
    });
    for (const name of ['alpha', 'beta']) await rename(at(`${name}.away`), at(`${name}.mp4`));
    expect((await sized(48)).skipped.shots).toEqual({ copy_by_choice: 2 });
  });
});

it('an export while a master is missing leaves its clips out, names them, and fails where all are missing', async () => {
  const snapshot = await freeze(one.context, asked);
  const ask = { format: 'videofolder', frames: 17, width: 64, height: 32 } as const;
  const exported = (name: string) =>
    exportSnapshot(
      one.context,
      exportInputSchema.parse({ ...ask, to: join(one.context.paths.root, name), snapshot: snapshot.id }),
    );
  await rename(at('alpha.mp4'), at('away.mp4'));
  await rename(at('beta.mp4'), at('gone.mp4'));
  await expect(exported('none')).rejects.toMatchObject({ code: 'master-missing' });
  await rename(at('gone.mp4'), at('beta.mp4'));
  const report = await exported('some');
  expect(report.clips.train + report.clips.heldout).toBe(2);
  expect(report.leftOut).toEqual({ master_missing: 10 });
  const { leftOut } = JSON.parse(await readFile(join(report.folder, 'export.json'), 'utf8'));
  expect(leftOut).toHaveLength(10);
  await rename(at('away.mp4'), at('alpha.mp4'));
  expect((await exported('all')).leftOut).toEqual({});
});
