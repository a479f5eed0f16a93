import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clipShape } from './clip-shape.ts';

const CODEC = { frames: 17, width: 96, height: 64, fps: '12/1', block: [4, 8, 8] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlot codec '));
  await mkdir(join(folder, 'codec'));
});
afterAll(() => rm(folder, { recursive: true }));

const shapeOf = async (text: string) => {
  await writeFile(join(folder, 'codec', 'config.json'), text);
  return clipShape(folder);
};

it("a codec says its clips' shape, with what else it says left alone", async () => {
  const { block: _, ...shape } = CODEC;
  expect(await shapeOf(JSON.stringify({ ...CODEC, components: 24 }))).toEqual({ ...shape, blockFrames: 4 });
});

it.each([
  ['{"frames": 17', /JSON/],
  [JSON.stringify({ ...CODEC, frames: '17' }), /frames: .*expected number/],
  [JSON.stringify({ ...CODEC, height: 0 }), /height: .*>0.*found 0/],
  [JSON.stringify({ ...CODEC, fps: 'soon' }), /fps: expected a rate such as 12\/1, found "soon"/],
  [JSON.stringify({ ...CODEC, block: [4, 8] }), /block/],
  [JSON.stringify({ frames: 17 }), /width: .*; height: .*; fps: .*; block: /],
])('a codec with %s is refused by file and field', async (text, said) => {
  await expect(shapeOf(text)).rejects.toMatchObject({
    code: 'base-mismatch',
    facts: { where: join(folder, 'codec', 'config.json'), found: expect.stringMatching(said) },
  });
});

it('a folder without a codec is refused by the file that is missing', async () => {
  await expect(clipShape(join(folder, 'none'))).rejects.toMatchObject({
    code: 'base-mismatch',
    message: expect.stringContaining(join('none', 'codec', 'config.json')),
  });
});
