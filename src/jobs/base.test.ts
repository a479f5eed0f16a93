import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { baseInput, isOpenBase, SHIPPED_BASE } from './base.ts';

it('a hub id is not fetched: the error says that nothing is downloaded and how to get the base', async () => {
  const error = await baseInput('Wan-AI/Wan2.1-T2V-1.3B-Diffusers').catch((found: unknown) => found);
  expect(error).toMatchObject({ code: 'no-base' });
  expect(String(error)).toMatch(/downloads no bases.*--local-dir/);
});

it('a base is open unless its index names the small family', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backlot-base-'));
  expect(await isOpenBase({ path: folder })).toBe(false);
  await writeFile(join(folder, 'model_index.json'), '{"_class_name": "WanPipeline"}');
  expect(await isOpenBase({ path: folder })).toBe(true);
  expect(await isOpenBase({ path: SHIPPED_BASE })).toBe(false);
  await rm(folder, { recursive: true });
});
