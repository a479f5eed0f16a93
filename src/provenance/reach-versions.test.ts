import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { currentLedger, importLedger, type Ledger } from '../rights/index.ts';
import { withReach } from './import-reach.ts';
import type { Touched } from './schema.ts';
import { withdraw } from './withdraw.ts';
import { withdrawalWords } from './withdrawal-words.ts';
import { addGivenTake, fillWorkspace } from './withdrawn.test-support.ts';

/** What was made under an earlier version of the ledger rests on what that said. */

let workspace: Awaited<ReturnType<typeof testContext>>;
let held: Ledger;
beforeEach(async () => {
  await workspace?.close();
  workspace = await testContext();
  await fillWorkspace(workspace.context);
  held = (await currentLedger(workspace.context.db))?.document as Ledger;
});
afterAll(() => workspace.close());

async function importing(change: Partial<Ledger>) {
  held = { ...held, ...change };
  const path = join(workspace.context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(held));
  return withReach(workspace.context, await importLedger(workspace.context, path));
}

const changed = <T extends { id: string }>(rows: readonly T[], id: string, change: object): T[] =>
  rows.map((row) => (row.id === id ? { ...row, ...change } : row));

const revoke = (target: object, dryRun = true) =>
  withdraw(workspace.context, { ...target, territory: 'world', dryRun });
const reached = async (target: object) => (await revoke(target)).touched.map(nameOf);
const nameOf = ({ kind, id }: Touched) => `${kind} ${id}`;

/** Files beside films are told of only where nothing else lets the film be found. */
const isMade = (name: string) => !name.startsWith('sidecar');

const remastered = () => ({ titles: changed(held.titles, 'harbour', { files: ['remaster.mp4'] }) });

it('a title whose files were exchanged since, its grant and its owner reach what they reached before', async () => {
  await addGivenTake(workspace.context, 'tak_shown', 'harbour.mp4');
  const targets = [{ title: 'harbour' }, { grant: 'g-harbour' }, { party: 'studio' }];
  const before = await Promise.all(targets.map(reached));
  expect(before[0]).toEqual(
    expect.arrayContaining(['snapshot dst_harbour', 'take tak_shown', 'model mdl_heir']),
  );
  await importing(remastered());
  for (const [i, target] of targets.entries()) expect(await reached(target)).toEqual(before[i]);
});

it('an import that leaves a film to no title names a withdrawal that reaches what rests on it', async () => {
  const { reached: told } = await importing(remastered());
  expect(told).toMatchObject([
    { models: 4, takes: 3, command: 'backlot rights revoke --title harbour --dry-run' },
  ]);
  expect((await revoke({ title: 'harbour' })).counts).toMatchObject({ model: 4, take: 3 });
});

it('a grant from which a title was dropped, or uses, reaches what was made by it', async () => {
  const before = (await reached({ grant: 'g-harbour' })).filter(isMade);
  await importing({ grants: changed(held.grants, 'g-harbour', { titles: ['quarry'], uses: ['condition'] }) });
  expect(await reached({ grant: 'g-harbour' })).toEqual(expect.arrayContaining(before));
});

it('an appearance that was moved or removed is followed where it was', async () => {
  const before = (await reached({ consent: 'ann-agreed' })).filter(isMade);
  expect(before).toContain('snapshot dst_quarry');
  const [seen] = held.appearances.filter(({ id }) => id === 'seen');
  const instead = (id: string, change: object) => ({
    appearances: [{ ...seen, id, ...change }] as Ledger['appearances'],
  });
  await importing(instead('moved', { supersedes: 'seen', shots: [{ in: 5000, out: 6000 }] }));
  expect(await reached({ consent: 'ann-agreed' })).toEqual(expect.arrayContaining(before));
  await importing(instead('nowhere', { supersedes: 'moved', shots: 'none', note: 'a poster' }));
  expect(await reached({ party: 'ann' })).toEqual(expect.arrayContaining(before));
});

it('a grant under another id reaches what was made by the one that it replaces', async () => {
  const before = await reached({ grant: 'g-harbour' });
  const [grant] = held.grants;
  await importing({
    grants: [...held.grants, { ...grant, id: 'g-new', supersedes: 'g-harbour' }] as Ledger['grants'],
  });
  expect((await reached({ grant: 'g-new' })).sort()).toEqual(before.sort());
});

it('what was frozen once a film was another title’s does not rest on the one that had it before', async () => {
  const { db } = workspace.context;
  const quarry = [...(held.titles[1]?.files ?? []), 'harbour.mp4'];
  const titles = changed(changed(held.titles, 'harbour', { files: ['remaster.mp4'] }), 'quarry', {
    files: quarry,
  });
  await importing({ titles });
  const record = { options: { use: 'train.style' }, rights: { ledger: (await currentLedger(db))?.id } };
  await db
    .update(tables.datasetSnapshots)
    .set({ record })
    .where(eq(tables.datasetSnapshots.id, 'dst_harbour'));
  await addGivenTake(workspace.context, 'tak_shown', 'harbour.mp4');
  expect(await reached({ title: 'harbour' })).toEqual([]);
  expect(await reached({ title: 'quarry' })).toEqual(
    expect.arrayContaining(['snapshot dst_harbour', 'take tak_shown']),
  );
});

it('pictures of a film that is another title’s by now stay', async () => {
  const files = [...(held.titles[1]?.files ?? []), 'harbour.mp4'];
  await importing({ titles: changed(remastered().titles, 'quarry', { files }) });
  expect((await revoke({ title: 'harbour' }, false)).thumbnails).toBe(0);
});

it('pictures of a film that is nobody’s by now go', async () => {
  await importing(remastered());
  expect((await revoke({ title: 'harbour' }, false)).thumbnails).toBe(2);
});

it('pictures of films of a common name stay where a title names it: which of them is meant nobody can say', async () => {
  await importing({ titles: changed(held.titles, 'harbour', { files: ['harbour.mp4', 'reel1.mov'] }) });
  const { catalogFiles } = tables;
  for (const name of ['harbour', 'quarry'])
    await workspace.context.db
      .update(catalogFiles)
      .set({ path: `/masters/${name}/reel1.mov` })
      .where(eq(catalogFiles.id, `fil_${name}`));
  for (const target of [{ title: 'harbour' }, { grant: 'g-harbour' }]) {
    const { touched, thumbnails } = await revoke(target, false);
    expect(touched.map(nameOf)).toContain('snapshot dst_quarry');
    expect(touched.map(({ kind }) => kind)).not.toContain('sidecar');
    expect(thumbnails).toBe(0);
  }
});

it('pictures stay that a grant let be found by an earlier version alone, where another does so by now', async () => {
  const [grant] = held.grants.filter(({ id }) => id === 'g-harbour');
  const other = { ...grant, id: 'g-find', titles: ['harbour'], uses: ['index'] };
  const narrowed = changed(held.grants, 'g-harbour', { uses: ['generate.previz'] });
  const grants = [...narrowed, other];
  await importing({ grants: grants as Ledger['grants'] });
  expect((await revoke({ grant: 'g-harbour' }, false)).thumbnails).toBe(0);
});

it('a withdrawal that reaches nothing says so and does not call anything blocked', async () => {
  const parties = [...held.parties, { id: 'nobody', kind: 'org' as const, name: 'Nobody' }];
  await importing({ parties });
  const withdrawal = await revoke({ party: 'nobody' }, false);
  const words = withdrawalWords(withdrawal);
  expect(words).toContain('Nothing that was made here rests on it');
  expect(words).not.toMatch(/All of it is blocked|Removed/);
  // Films of which nothing was made have pictures, too.
  expect(withdrawalWords({ ...withdrawal, thumbnails: 2 })).toContain('Removed: thumbnails of 2 shots');
});

it('a take of a day on which a grant was no longer for a film it was given does not rest on it', async () => {
  const grants = changed(held.grants, 'g-harbour', { uses: ['condition'] });
  await importing({ grants });
  await importing({ grants: changed(grants, 'g-harbour', { titles: ['quarry'] }) });
  await addGivenTake(workspace.context, 'tak_later', 'harbour.mp4');
  await addGivenTake(workspace.context, 'tak_other', 'quarry.mp4');
  const takes = (await reached({ grant: 'g-harbour' })).filter((name) => name.startsWith('take'));
  expect(takes).toContain('take tak_other');
  expect(takes).not.toContain('take tak_later');
});
