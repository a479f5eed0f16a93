import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Job } from '../contract/index.ts';
import { importLedger } from '../rights/index.ts';
import { clearedSnapshots, readSeal } from '../trust/index.ts';
import { clearForRun } from './clear.ts';
import { exportSnapshot } from './export.ts';
import { exportInputSchema } from './export-schema.ts';
import { freeze } from './freeze.ts';
import type { FreezeInput } from './schema.ts';
import { asked, ledgerOf, studio } from './studio.test-support.ts';
import { verifySnapshot } from './verify.ts';

let one: Awaited<ReturnType<typeof studio>>;
beforeAll(async () => {
  one = await studio();
  const ledger = JSON.parse(await readFile(ledgerOf(one.context), 'utf8'));
  const people = ['nia', 'tom'];
  const consents = people.map((party) => ({
    ...{ id: `${party}-agreed`, party, answer: 'given', titles: ['alpha', 'beta'], territories: ['world'] },
    ...{ uses: ['train.performer'], described: 'a double', separatelySigned: true },
  }));
  const grants = ledger.grants.map((row: object) => ({
    ...row,
    uses: ['train.style', 'train.performer'],
    trainers: ['in-house', 'vendor'],
  }));
  const parties = [...ledger.parties, ...people.map((id) => ({ id, kind: 'person', name: `${id} Example` }))];
  const path = join(one.context.paths.root, 'people.json');
  await writeFile(path, JSON.stringify({ ...ledger, parties, grants, consents }));
  await importLedger(one.context, path);
}, 120_000);
afterAll(() => one.close());

const wish = { ...asked, clipsPerShot: 1 };
const others: FreezeInput[] = [
  {},
  { performers: ['nia'] },
  { performers: ['nia', 'tom'] },
  { trainer: 'vendor' },
  { model: 'house style' },
];

it('the same clips frozen for somebody else are a snapshot of its own: id, folder and seal, and each verifies', async () => {
  const frozen = [];
  for (const more of others) frozen.push(await freeze(one.context, { ...wish, ...more }));
  expect(new Set(frozen.map(({ digest }) => digest)).size).toBe(1);
  for (const key of ['id', 'path'] as const)
    expect(new Set(frozen.map((each) => each[key])).size).toBe(others.length);
  for (const [i, snapshot] of frozen.entries()) {
    const { trainer = 'in-house', model = null, performers = [] } = others[i] ?? {};
    expect((await readSeal(snapshot)).seal).toMatchObject({ trainer, model, performers });
    expect(await verifySnapshot(snapshot)).toMatchObject({ whole: true, problems: [] });
  }
  const again = await freeze(one.context, { ...wish, ...others[1] });
  expect([again.id, again.path]).toEqual([frozen[1]?.id, frozen[1]?.path]);
});

it('a seal that was laid from one of them into the folder of another is found, and lets nothing train or leave', async () => {
  const [mine, theirs] = [
    await freeze(one.context, wish),
    await freeze(one.context, { ...wish, performers: ['nia'] }),
  ];
  await copyFile(join(mine.path, 'seal.json'), join(theirs.path, 'seal.json'));
  const { problems } = await verifySnapshot(theirs);
  expect(problems).toContainEqual(expect.stringMatching(/^seal.json: .*performers nobody.*performers nia/));
  const job = { kind: 'train', method: 'lora', dataset: { path: theirs.path, digest: theirs.digest } } as Job;
  await expect(
    clearedSnapshots(job, (dataset, seal, use) => clearForRun(one.context, dataset, seal, use)),
  ).rejects.toMatchObject({ code: 'snapshot-altered' });
  const out = exportInputSchema.parse({ to: join(one.context.paths.root, 'out'), snapshot: theirs.id });
  await expect(exportSnapshot(one.context, out)).rejects.toMatchObject({ code: 'seal-mismatch' });
  await freeze(one.context, { ...wish, performers: ['nia'] });
  expect(await verifySnapshot(theirs)).toMatchObject({ whole: true });
});

it('a record that was laid from one of them into the folder of another is found', async () => {
  const [mine, theirs] = [
    await freeze(one.context, wish),
    await freeze(one.context, { ...wish, performers: ['tom'] }),
  ];
  await copyFile(join(mine.path, 'snapshot.json'), join(theirs.path, 'snapshot.json'));
  expect((await verifySnapshot(theirs)).problems).toContainEqual(
    expect.stringMatching(/^snapshot.json: options.performers: expected \["tom"\] .*, found \[\]/),
  );
});
