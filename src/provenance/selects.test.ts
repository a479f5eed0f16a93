import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { giveVerdict } from '../review/index.ts';
import { cutSelects } from './cut.ts';
import { addTake, frame } from './signed.test-support.ts';

let workspace: Awaited<ReturnType<typeof testContext>>;
const at = (name: string) => join(workspace.context.paths.root, name);

beforeAll(async () => {
  workspace = await testContext();
  for (const id of ['tak_a', 'tak_b', 'tak_c']) await addTake(workspace.context, id);
});
afterAll(() => workspace.close());

async function judge(take: string, verdict: 'usable' | 'not_usable'): Promise<void> {
  await giveVerdict(workspace.context, { take, verdict, note: '' });
}

it('a cut without a verdict or a name is refused: nobody has selected anything', async () => {
  const cut = cutSelects(workspace.context, { takes: [], to: at('none.otio') });
  await expect(cut).rejects.toMatchObject({ code: 'nothing-selected' });
});

it('a cut holds the takes whose newest verdict is usable, in the format that its name asks for', async () => {
  await judge('tak_a', 'usable');
  await judge('tak_b', 'usable');
  await judge('tak_b', 'not_usable');
  const made = await cutSelects(workspace.context, { takes: [], to: at('selects.edl') });
  expect(made).toMatchObject({ to: at('selects.edl'), takes: ['tak_a'], frames: 4 });
  expect(await readFile(at('selects.edl'), 'utf8')).toContain('TITLE: Backlot selects');
});

it('takes that are named lie in the order given, and no file is written over', async () => {
  const named = { takes: ['tak_c', 'tak_a'], to: at('named.otio') };
  expect((await cutSelects(workspace.context, named)).takes).toEqual(['tak_c', 'tak_a']);
  const { tracks } = JSON.parse(await readFile(named.to, 'utf8'));
  const clips = tracks.children[0].children as { metadata: { backlot: { take: string } } }[];
  expect(JSON.stringify(clips[0])).toContain('tak_c');
  await expect(cutSelects(workspace.context, named)).rejects.toMatchObject({ code: 'file-exists' });
});

it('no cut names a take whose file is not the one that was made: an editor would get another picture', async () => {
  await addTake(workspace.context, 'tak_other', [], [7, 8, 9].map(frame));
  await copyFile(at('takes/tak_other.mp4'), at('takes/tak_c.mp4'));
  const named = { takes: ['tak_a', 'tak_c'], to: at('altered.otio') };
  await expect(cutSelects(workspace.context, named)).rejects.toMatchObject({ code: 'take-altered' });
  await expect(readFile(named.to)).rejects.toThrow();
});
