import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { takesBehind } from '../generate/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { runFfmpeg } from '../media/index.ts';
import type { RevokeInput } from '../rights/index.ts';
import { addShownTake, copyOf } from './copied.test-support.ts';
import { deliver } from './delivery/deliver.ts';
import { lineageOf } from './lineage.ts';
import { withdraw } from './withdraw.ts';
import { withdrawalWords } from './withdrawal-words.ts';
import { addTakeGiven, fillWorkspace, hashOf } from './withdrawn.test-support.ts';

let context: Context;
let close: () => Promise<void>;
let copy: { role: string; path: string; sha256: string };
const at = (name: string) => join(context.paths.root, name);

/** As an earlier version left them: nobody has compared what they were given. */
beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const video = await addShownTake(context, 'tak_shown', { modelId: 'mdl_harbour', clip: 1 });
  copy = await copyOf(video, at('recopy.mp4'));
  await addShownTake(context, 'tak_onward', { modelId: 'mdl_base', clip: 2, references: [copy] });
  const own = { role: 'video', path: '/t', sha256: hashOf('tak_base') };
  await addShownTake(context, 'tak_known', { modelId: 'mdl_base', clip: 1, references: [own] });
}, 180_000);
afterAll(() => close());

const revoking = (parts: Partial<RevokeInput> = {}) =>
  withdraw(context, { territory: 'world', dryRun: true, title: 'harbour', ...parts });
const takesIn = ({ touched }: Awaited<ReturnType<typeof revoking>>) =>
  touched.flatMap(({ kind, id }) => (kind === 'take' ? [id] : []));

it('a video that is gone cannot be compared: the withdrawal says so, and tries again', async () => {
  await rename(copy.path, at('away.mp4'));
  const withdrawal = await revoking();
  expect(takesIn(withdrawal)).not.toContain('tak_onward');
  expect(withdrawal.uncompared).toMatchObject([{ file: copy.path, takes: ['tak_onward'] }]);
  expect(withdrawalWords(withdrawal)).toMatch(/recopy\.mp4 \(no file of these bytes .*tak_onward/);
  await rename(at('away.mp4'), copy.path);
});

it('a withdrawal reaches a take that was given a copy of a reached one, encoded again, and no take made after it', async () => {
  const withdrawal = await revoking();
  expect(withdrawal.touched).toContainEqual({ kind: 'take', id: 'tak_onward', via: 'tak_shown' });
  expect(withdrawal.uncompared).toEqual([]);
  expect((await takesBehind(context.db, [copy.sha256])).map(({ id }) => id)).toEqual(['tak_shown']);
});

it('its lineage names what the copied take was made from, and that pictures say so', async () => {
  const { models, gaps, snapshots } = await lineageOf(context, 'tak_onward');
  expect(models.map(({ id }) => id)).toContain('mdl_harbour');
  expect(snapshots.map(({ id }) => id)).toEqual(['dst_harbour']);
  expect(gaps.join(' ')).toContain('by what it shows it is a copy of take tak_shown');
});

it('what is no video that can be compared is remembered with the reason', async () => {
  await writeFile(at('short.mp4'), 'only words');
  const given = { path: at('short.mp4'), sha256: hashOf('only words') };
  await addTakeGiven(context, 'tak_short', given);
  for (const _ of ['first', 'again'])
    expect((await revoking()).uncompared).toMatchObject([{ file: given.path, takes: ['tak_short'] }]);
  expect((await lineageOf(context, 'tak_short')).gaps.join(' ')).toMatch(/could not be compared with takes/);
});

it('a video of a single frame is no copy of takes that show that frame: it is too short to tell', async () => {
  await runFfmpeg(['-v', 'error', '-i', copy.path, '-frames:v', '1', '-y', at('one.mp4')]);
  const one = { role: 'video', path: at('one.mp4'), sha256: await fileHash(at('one.mp4')) };
  await addShownTake(context, 'tak_one', { modelId: 'mdl_base', clip: 3, references: [one] });
  const withdrawal = await revoking();
  expect(takesIn(withdrawal)).not.toContain('tak_one');
  expect(withdrawal.uncompared).toContainEqual({ file: one.path, why: '0.08 s', takes: ['tak_one'] });
});

it('it is not handed over where the copied take is blocked, also by a withdrawal that knew nothing of it', async () => {
  const block = { kind: 'take', id: 'tak_shown', withdrawal: 'titles/elsewhere', via: 'mdl_harbour' };
  await context.db.insert(tables.provenanceBlocks).values(block);
  const answers = { recreates: 'no', productionData: 'no', secured: 'yes', replaces: 'no' } as const;
  const handing = deliver(context, { takes: ['tak_onward'], to: at('sent'), purpose: 'temp', ...answers });
  await expect(handing).rejects.toMatchObject({ code: 'blocked', facts: { where: 'tak_shown' } });
  await context.db.delete(tables.provenanceBlocks);
});

it('a real withdrawal blocks the take', async () => {
  expect(takesIn(await revoking({ dryRun: false }))).toContain('tak_onward');
});
