import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { runFfmpeg } from '../media/index.ts';
import { addFiles } from './add.ts';
import { listFiles } from './store.ts';

let context: Context;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ context, close } = await testContext({}));
});
afterAll(() => close());

/** Whether frames of a film made by ffmpeg's filters are seen to be woven, in a file that calls itself progressive. */
async function seen(name: string, source: string): Promise<string | null | undefined> {
  const path = join(context.paths.root, name);
  const coded = ['-frames:v', '40', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  await runFfmpeg(['-v', 'error', '-f', 'lavfi', '-i', source, ...coded, `file:${path}`]);
  await addFiles(context, { paths: [path] });
  const film = (await listFiles(context.db)).find((file) => file.path === path);
  expect(film?.facts.fieldOrder).toBe('progressive');
  return film?.facts.fieldsSeen;
}

const picture = (rate: string) => `testsrc2=size=320x240:rate=${rate}`;

it('a test picture whose moving patterns look woven, in one order for seconds, is no interlaced film', async () => {
  expect(await seen('29.mp4', picture('30000/1001'))).toBeNull();
  expect(await seen('25.mp4', picture('25'))).toBeNull();
});

it('a picture filmed as fields is, whichever comes first, also where only something small moves', async () => {
  const fields = `${picture('60000/1001')},tinterlace=mode=interleave_top,setfield=prog`;
  expect(await seen('whole.mp4', fields)).toBe('top-first');
  const small =
    'smptebars=size=320x240:rate=50[bars];color=white:size=24x24:rate=50[dot];[bars][dot]overlay=x=n*3:y=90';
  for (const first of ['top', 'bottom']) {
    const source = `${small},tinterlace=mode=interleave_${first},setfield=prog`;
    expect(await seen(`${first}.mp4`, source)).toBe(`${first}-first`);
  }
});
