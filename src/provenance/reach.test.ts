import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { appendAudit } from '../jobs/index.ts';
import { filesGiven, takesOfTakes } from './reach-given.ts';
import type { Withdrawal } from './schema.ts';
import { withdraw } from './withdraw.ts';
import { addCaption, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  workspace = await testContext();
});
afterAll(() => workspace.close());

/** @param given sha256 of what its brief gave */
async function addTake(id: string, given?: string, path = '/given.mp4'): Promise<void> {
  const references = given === undefined ? [] : [{ role: 'video', path, sha256: given }];
  const made = { briefId: id, modelId: 'mdl_base', runId: 'run_1', candidate: 0, seed: 1 };
  const files = { rawPath: '', rawSha256: '', videoPath: `/takes/${id}.mp4`, videoSha256: hashOf(id) };
  const brief = { id, text: '', adapters: [], references };
  await workspace.context.db.insert(tables.generateTakes).values({ id, ...made, ...files, brief });
}

it('a take that goes on from a take is reached with it, and what goes on from that one too', async () => {
  const { db } = workspace.context;
  await addTake('tak_first');
  await addTake('tak_apart');
  await addTake('tak_third', hashOf('tak_second'));
  await addTake('tak_second', hashOf('tak_first'));
  const reached = await takesOfTakes(db, await filesGiven(db), [
    { kind: 'take', id: 'tak_first', via: 'mdl_x' },
  ]);
  expect(reached).toEqual([
    { kind: 'take', id: 'tak_second', via: 'tak_first' },
    { kind: 'take', id: 'tak_third', via: 'tak_second' },
  ]);
  expect(
    await takesOfTakes(db, await filesGiven(db), [{ kind: 'take', id: 'tak_apart', via: 'mdl_x' }]),
  ).toEqual([]);
});

it('a take that was given a still which was signed as made of a take is reached with that one', async () => {
  const { db } = workspace.context;
  const details = { sha256: hashOf('still') };
  await appendAudit(db, { who: 'Lea', what: 'provenance.sign-file', subject: 'tak_apart', details });
  await addTake('tak_still', hashOf('still'), '/still.png');
  const reached = await takesOfTakes(db, await filesGiven(db), [
    { kind: 'take', id: 'tak_apart', via: 'mdl_x' },
  ]);
  expect(reached).toEqual([{ kind: 'take', id: 'tak_still', via: 'tak_apart' }]);
});

it('a grant for whole models reaches those that were trained on a dataset frozen for a style, and not its adapters', async () => {
  await fillWorkspace(workspace.context);
  const input = { grant: 'g-whole', territory: 'world', dryRun: true };
  const { touched } = await withdraw(workspace.context, input);
  expect(touched.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    ...['model mdl_whole', 'model mdl_heir', 'model mdl_trial'],
    ...['run run_trial', 'checkpoint run_trial/step-000001', 'take tak_heir', 'sidecar /masters/harbour.srt'],
  ]);
  expect(touched[0]?.via).toBe('grants/g-whole, shot sht_harbour-0');
});

it('a grant for replicas does not reach an adapter of a style, and one for takes no endpoint, but takes of a first frame', async () => {
  const { context } = workspace;
  await addCaption(context, 'harbour', 'https://harbour.example/v1');
  const path = `/takes/first-frames/${hashOf('sht_harbour-0').slice(0, 12)}.png`;
  await addTake('tak_framed', hashOf('png'), path);
  const kindsOf = async (grant: string) =>
    (await withdraw(context, { grant, territory: 'world', dryRun: true })).touched.map(
      ({ kind, id }) => `${kind} ${id}`,
    );
  const replica = await kindsOf('g-replica');
  expect(replica.filter((one) => /^(model|take)/.test(one))).toEqual([]);
  const drawn = ['framed', 'harbour', 'heir', 'mixed'].map((name) => `take tak_${name}`);
  expect((await kindsOf('g-final')).sort()).toEqual(drawn);
  expect(await kindsOf('g-harbour')).toContain('take tak_framed');
});

it('an endpoint of a third party is reached by a grant for whole models, which it rests on, and by no narrower one', async () => {
  const { context } = workspace;
  const endpointOf = async (grant: string) =>
    (await withdraw(context, { grant, territory: 'world', dryRun: true })).touched.some(
      ({ kind }) => kind === 'endpoint',
    );
  expect(await endpointOf('g-harbour')).toBe(true);
  await context.db.update(tables.datasetDisclosures).set({ operator: 'third-party' });
  expect([await endpointOf('g-harbour'), await endpointOf('g-whole')]).toEqual([false, true]);
});

it('a backup is reached that was written once a film was catalogued or a dataset frozen whose words and pictures go, and none by a row for takes', async () => {
  const { context } = workspace;
  const { db, who } = context;
  const write = (subject: string) => appendAudit(db, { who, what: 'workspace.backup', subject, details: {} });
  const reached = async (target: object) =>
    (await withdraw(context, { ...target, territory: 'world', dryRun: true })) as Withdrawal;
  const backups = ({ touched }: Withdrawal) => touched.filter(({ kind }) => kind === 'backup');
  await write('/backups/one.tar.gz');
  expect(backups(await reached({ grant: 'g-final' }))).toEqual([]);
  const withdrawal = await reached({ title: 'harbour' });
  const backup = { kind: 'backup', id: '/backups/one.tar.gz' };
  expect(backups(withdrawal)).toEqual([{ ...backup, via: expect.stringMatching(/^titles\/harbour, film /) }]);
  expect(withdrawal.counts.backup).toBe(1);
  const tasks = withdrawal.tasks.filter(({ subject }) => subject === `backup ${backup.id}`);
  expect(tasks).toMatchObject([{ what: expect.stringContaining('Destroy it') }]);
  await db.update(tables.catalogFiles).set({ addedAt: new Date(Date.now() + 60_000) });
  expect(backups(await reached({ title: 'harbour' }))).toEqual([{ ...backup, via: 'dst_harbour' }]);
  await db.update(tables.datasetSnapshots).set({ frozenAt: new Date(Date.now() + 60_000) });
  expect(backups(await reached({ title: 'harbour' }))).toEqual([]);
});

it('a replica of a performer who is named and listed nowhere as seen is reached by the consent and by the party', async () => {
  const { context } = workspace;
  const record = { options: { use: 'train.performer', performer: 'bob' } };
  const row = { id: 'dst_bob', digest: hashOf('bob'), path: '/bob', record };
  await context.db.insert(tables.datasetSnapshots).values(row);
  for (const target of [{ consent: 'bob-agreed' }, { party: 'bob' }]) {
    const { touched } = await withdraw(context, { ...target, territory: 'world', dryRun: true });
    expect(touched).toMatchObject([
      { kind: 'snapshot', id: 'dst_bob', via: expect.stringContaining('performer bob') },
    ]);
  }
  const { touched } = await withdraw(context, { party: 'ann', territory: 'world', dryRun: true });
  expect(touched.map(({ id }) => id)).not.toContain('dst_bob');
});
