import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { tables } from '../db/index.ts';
import { briefSchema } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { addShownTake, copyOf } from '../provenance/copied.test-support.ts';
import { withdraw } from '../provenance/withdraw.ts';
import { fillWorkspace } from '../provenance/withdrawn.test-support.ts';
import { makeTakes } from './takes.ts';

let context: Context;
let close: () => Promise<void>;
let copy: string;
const at = (name: string) => join(context.paths.root, name);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillWorkspace(context);
  const video = await addShownTake(context, 'tak_shown', { modelId: 'mdl_quarry', clip: 1 });
  copy = at('recopy.mp4');
  await copyOf(video, copy);
}, 180_000);
afterAll(() => close());

const drawing = (video: string) =>
  makeTakes(
    context,
    { briefs: [briefSchema.parse({ id: 'on', text: '', mode: 'extend', video })], model: 'mdl_base' },
    'briefs.json',
  );

it('a copy, encoded again, of a take that a withdrawal has reached is refused before anything is drawn', async () => {
  const block = { kind: 'take', id: 'tak_shown', withdrawal: 'titles/elsewhere', via: 'mdl_quarry' };
  await context.db.insert(tables.provenanceBlocks).values(block);
  await expect(drawing(copy)).rejects.toMatchObject({
    ...{ code: 'blocked', facts: { where: copy } },
    message: expect.stringMatching(/a copy of take tak_shown, .* titles\/elsewhere/),
  });
  await context.db.delete(tables.provenanceBlocks);
});

it('so is a still of it that a report holds, copied elsewhere', async () => {
  const shown = join(context.paths.reports, 'takes-one', 'takes');
  await mkdir(shown, { recursive: true });
  for (const name of ['tak_shown.mp4', 'tak_shown.png']) await writeFile(join(shown, name), name);
  await copyFile(join(shown, 'tak_shown.png'), at('poster.png'));
  const block = { kind: 'take', id: 'tak_shown', withdrawal: 'titles/elsewhere', via: 'mdl_quarry' };
  await context.db.insert(tables.provenanceBlocks).values(block);
  const brief = briefSchema.parse({ id: 'on', text: '', mode: 'first', first: at('poster.png') });
  await expect(
    makeTakes(context, { briefs: [brief], model: 'mdl_base' }, 'briefs.json'),
  ).rejects.toMatchObject({ code: 'blocked', facts: { where: at('poster.png') } });
  await context.db.delete(tables.provenanceBlocks);
});

it('and the ledger is asked about what the copied take was made from', async () => {
  await withdraw(context, { territory: 'world', dryRun: false, consent: 'ann-takes' });
  await expect(drawing(copy)).rejects.toMatchObject({
    code: 'not-cleared',
    message: expect.stringMatching(/generate\.previz.*ann-takes/),
  });
});
