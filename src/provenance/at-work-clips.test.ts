import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Progress } from '../contract/index.ts';
import { exportSnapshot } from '../dataset/export.ts';
import { exportInputSchema } from '../dataset/export-schema.ts';
import { clipFolders, freeze, listSnapshots } from '../dataset/index.ts';
import { asked, ledgerOf, studio } from '../dataset/studio.test-support.ts';
import { type Context, removalsPath } from '../jobs/index.ts';
import { importLedger } from '../rights/index.ts';
import { interrupted } from './interrupted.test-support.ts';
import { withdraw } from './withdraw.ts';

let one: Awaited<ReturnType<typeof studio>>;
beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
}, 240_000);
afterAll(() => one.close());

/** The workspace in which a title is withdrawn once all clips are cut, before anything of that is recorded. */
function withdrawing(title: string, phase: string) {
  const at = interrupted(one.context, (to) => withdraw(to, { territory: 'world', dryRun: false, title }));
  const report = (progress: Progress) =>
    progress.phase === phase && progress.note === 'film 2 of 2' && at.arm();
  return { ...at.context, report };
}

const left = async (): Promise<string[]> => {
  const folders = Object.values(clipFolders(one.context.paths)).filter((folder) => existsSync(folder));
  return (await Promise.all(folders.map((folder) => readdir(folder)))).flat();
};
const recordOf = async (row: string) => {
  const { payload } = JSON.parse(await readFile(removalsPath(one.context.paths, row), 'utf8'));
  return Buffer.from(payload, 'base64').toString();
};

it('a dataset of which a title is withdrawn while its clips are cut is not frozen, and they go with a signed record', async () => {
  const frozen = freeze(withdrawing('beta', 'cut clips'), asked);
  await expect(frozen).rejects.toMatchObject({
    code: 'not-cleared',
    message: expect.stringContaining('titles/beta'),
  });
  expect(await listSnapshots(one.context.db)).toEqual([]);
  expect(await readdir(one.context.paths.datasets)).toEqual([]);
  expect(await left()).toEqual([]);
  expect(await recordOf('titles/beta')).toMatch(/"name":"datasets\/cache\/.*manifest\.jsonl/);
});

it('frozen again it holds what is still allowed; an export of it that is killed was in the log before a clip left', async () => {
  const { asOf: _, ...today } = asked;
  const { id, sources } = await freeze(one.context, today);
  expect(sources.filter(({ clips }) => clips > 0)).toHaveLength(1);
  const stop = new AbortController();
  const context = { ...one.context, report: () => stop.abort(), signal: stop.signal };
  const small = { format: 'videofolder', width: 96, height: 64 };
  const to = join(one.context.paths.root, 'killed');
  await expect(exportSnapshot(context, exportInputSchema.parse({ ...small, to }))).rejects.toThrow('abort');
  const { touched } = await withdraw(one.context, { territory: 'world', dryRun: true, title: 'alpha' });
  expect(touched).toContainEqual({ kind: 'export', id: to, via: id });
});

it('withdrawn while it is exported, nothing is left of the export', async () => {
  const to = join(one.context.paths.root, 'exported');
  const withdrawn = (by: Context) => withdraw(by, { territory: 'world', dryRun: false, title: 'alpha' });
  // The first transaction notes that clips are being laid out.
  const at = interrupted(one.context, withdrawn, 2);
  at.arm();
  const exported = exportSnapshot(at.context, exportInputSchema.parse({ to, format: 'engine' }));
  await expect(exported).rejects.toMatchObject({ code: 'snapshot-deleted' });
  expect(await readdir(to)).toEqual([]);
});

it('and people are not asked to delete what lies there no more', async () => {
  const { touched, tasks } = await withdraw(one.context, {
    ...{ territory: 'world', dryRun: true, title: 'alpha' },
  });
  const places = touched.filter(({ kind }) => kind === 'export').map(({ id }) => id);
  expect(places).toEqual([join(one.context.paths.root, 'killed')]);
  expect(tasks.map(({ subject }) => subject)).not.toContain(
    `export ${join(one.context.paths.root, 'exported')}`,
  );
});
