import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeDraft } from '../jobs/engine.test-support.ts';
import { importLedger } from '../rights/index.ts';
import { clearedSnapshots, readSeal, writeSeal } from '../trust/index.ts';
import { clearSnapshot } from './clear.ts';
import { exportSnapshot } from './export.ts';
import { type ExportInput, exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import { purgeSnapshot } from './purge.ts';
import type { Snapshot } from './schema.ts';
import { describeVerify } from './show.ts';
import { asked, ledgerOf, studio } from './studio.test-support.ts';
import { verifySnapshot } from './verify.ts';

let one: Awaited<ReturnType<typeof studio>>;
let snapshot: Snapshot;
const recordFile = () => join(snapshot.path, 'snapshot.json');
beforeAll(async () => {
  one = await studio();
  await importLedger(one.context, ledgerOf(one.context));
  snapshot = await freeze(one.context, asked);
}, 240_000);
afterAll(() => one.close());

/** What is done while the record says other than it was frozen with; it is put back afterwards. */
async function altered<T>(from: string | RegExp, to: string, then: () => Promise<T>): Promise<T> {
  const text = await readFile(recordFile(), 'utf8');
  expect(text).toMatch(from);
  await writeFile(recordFile(), text.replace(from, to));
  return then().finally(() => writeFile(recordFile(), text));
}
const problemsOf = (from: string | RegExp, to: string) =>
  altered(from, to, async () => (await verifySnapshot(snapshot)).problems);
const permitted = () => clearedSnapshots({ ...encodeDraft(1), dataset: snapshot } as never, async () => {});

it('a dataset whose record says other of its rights than was signed is not whole, and the field is named', async () => {
  expect(await problemsOf('"ALLOW":8', '"ALLOW":9')).toEqual([
    expect.stringMatching(/^snapshot\.json: its bytes .* the seal/),
    expect.stringMatching(
      /^snapshot\.json: rights\.outcomes: expected .*"ALLOW":8.* \(seal\.json\), found .*"ALLOW":9/,
    ),
  ]);
  for (const [from, to, field] of [
    [/"reasons":\{"/, '"reasons":{"expired":3,"', 'rights.reasons'],
    [/"ledger":"[^"]+"/, '"ledger":"ldg_0"', 'rights.ledger'],
    [/"ruleVersion":"[^"]+"/, '"ruleVersion":"0"', 'rights.ruleVersion'],
    [/"asOf":"[^"]+"/, '"asOf":"2020-01-01"', 'options.asOf'],
    [/"territory":"world"/, '"territory":"DE"', 'options.territory'],
    [/"use":"/, '"trainer":"vendor","use":"', 'options.trainer'],
    [/"reel":1/, '"reel":7', 'sources'],
    [/"name":"alpha"/, '"name":"other"', 'titles'],
  ] as const)
    expect(await problemsOf(from, to)).toEqual([
      expect.stringContaining('its bytes'),
      expect.stringContaining(`snapshot.json: ${field}: expected`),
    ]);
});

it('a dataset whose record was altered permits no run and is not exported', async () => {
  expect(await permitted()).toHaveLength(1);
  const to = join(one.context.paths.root, 'out');
  const exporting = () => exportSnapshot(one.context, exportInputSchema.parse({ to }));
  for (const act of [permitted, exporting] as (() => Promise<unknown>)[])
    await expect(altered('"ALLOW":8', '"ALLOW":9', act)).rejects.toMatchObject({ code: 'snapshot-altered' });
});

/** What is done while a file of the dataset holds something else. */
async function exchanged<T>(
  name: string,
  change: (held: Buffer) => Buffer,
  then: () => Promise<T>,
): Promise<T> {
  const path = join(snapshot.path, name);
  const held = await readFile(path);
  await writeFile(path, change(held));
  return then().finally(() => writeFile(path, held));
}
const exporting = (format: ExportInput['format'], to: string) =>
  exportSnapshot(
    one.context,
    exportInputSchema.parse({
      format,
      to: join(one.context.paths.root, to),
      ...(format === 'videofolder' ? { width: 96, height: 64 } : {}),
    }),
  );

it('a dataset with a clip that was exchanged is not exported as what it was cleared as, nor videos of other frames', async () => {
  const flipped = (held: Buffer) => Buffer.from(held).fill((held[9] ?? 0) ^ 1, 9, 10);
  for (const format of ['engine', 'croissant'] as const)
    await expect(
      exchanged('shard-00000.u8', flipped, () => exporting(format, 'flipped')),
    ).rejects.toMatchObject({
      code: 'snapshot-altered',
      message: expect.stringContaining('expected sha256'),
    });
  const later = (held: Buffer) =>
    Buffer.from(held.toString().replace(/"frames":\[(\d+),(\d+)/, '"frames":[$2,$2'));
  await expect(
    exchanged('clips.jsonl', later, () => exporting('videofolder', 'later')),
  ).rejects.toMatchObject({ code: 'snapshot-altered', message: expect.stringContaining('clips.jsonl') });
  const names = await readdir(one.context.paths.root);
  expect(names.filter((name) => ['flipped', 'later'].includes(name))).toEqual([]);
});

it('what somebody has put beside the clips does not leave with them', async () => {
  const other = join(snapshot.path, 'other.u8.mp4');
  await writeFile(other, 'a film');
  await exporting('engine', 'alone');
  await rm(other);
  expect((await readdir(join(one.context.paths.root, 'alone'))).sort()).toEqual(
    (await readdir(snapshot.path)).sort(),
  );
});

it('a seal of an earlier version verifies, and what it does not hold is said to be compared with the database alone', async () => {
  const folder = join(one.context.paths.root, 'earlier');
  await cp(snapshot.path, folder, { recursive: true });
  const { record: _, ...seal } = (await readSeal(snapshot)).seal;
  await writeSeal(folder, seal);
  const earlier = { ...snapshot, path: folder };
  const report = await verifySnapshot(earlier);
  expect(report).toMatchObject({ whole: true, problems: [] });
  expect(report.notices).toEqual([expect.stringMatching(/titles.*sources.*database alone/)]);
  expect(describeVerify(report)).toContain('database alone');
  expect((await verifySnapshot(snapshot)).notices).toEqual([]);
  await rm(folder, { recursive: true });
});

it('a dataset that a withdrawal deleted says so, where the ledger no longer knows of it: by which record, and why', async () => {
  const folder = join(one.context.paths.datasets, 'deleted');
  await cp(snapshot.path, folder, { recursive: true });
  const deleted = { ...snapshot, id: 'dst_other', path: folder };
  await purgeSnapshot(one.context, deleted, 'consents/ada-agreed');
  const { seal } = await readSeal(deleted);
  const clearing = clearSnapshot(one.context, deleted, seal);
  await expect(clearing).rejects.toMatchObject({ code: 'snapshot-deleted' });
  const said = `deleted at 20.*for the withdrawal of consents/ada-agreed.*${join(folder, 'deletion.json')}`;
  await expect(clearing).rejects.toThrow(new RegExp(said, 's'));
  expect((await verifySnapshot(deleted)).problems[0]).toContain('consents/ada-agreed');
  await rm(join(folder, 'deletion.json'));
  const without = clearSnapshot(one.context, deleted, seal);
  await expect(without).rejects.toMatchObject({ code: 'snapshot-incomplete' });
});
