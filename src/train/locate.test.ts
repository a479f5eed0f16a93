import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import { baseInput, EARLIER_BASES, keepModel, SHIPPED_BASE } from '../jobs/index.ts';
import { exportAdapter } from './exchange.ts';
import { locateModel } from './locate.ts';
import { isShipped } from './origin.ts';
import { getModel } from './store.ts';

let test: Awaited<ReturnType<typeof testContext>>;
let folder: string;
const [third = ''] = [...EARLIER_BASES].filter(([, { version }]) => version === 3).map(([sha256]) => sha256);
const nothing = { baseId: null, snapshotId: null, runId: null, record: {} };
beforeAll(async () => {
  test = await testContext();
  folder = await mkdtemp(join(tmpdir(), 'backlot-locate-'));
  const { context } = test;
  await keepModel(context, {
    id: 'mdl_third',
    name: 'base',
    kind: 'base',
    path: SHIPPED_BASE,
    sha256: third,
    ...nothing,
  });
  const adapter = {
    id: 'mdl_rain',
    name: 'rain',
    kind: 'adapter' as const,
    path: '/rain',
    sha256: 'a'.repeat(64),
  };
  await keepModel(context, { ...adapter, ...nothing, baseId: 'mdl_third' });
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

it('an adapter of a base that an earlier Backlot brought is refused with that reason and the ways on', async () => {
  const exporting = exportAdapter(test.context, { model: 'mdl_rain', to: folder, style: 'diffusers' });
  await expect(exporting).rejects.toMatchObject({ code: 'base-replaced' });
  await expect(exporting).rejects.toThrow(
    /version 3 of the base.*today's base.*git archive 423d403.*model locate mdl_third/s,
  );
});

it('what such a base learned from is known, as of the one that ships', async () => {
  expect(await isShipped(third)).toBe(true);
});

it('a base is located where its very files lie, and nowhere else', async () => {
  const { context } = test;
  const copy = join(folder, 'base');
  await cp(SHIPPED_BASE, copy, { recursive: true });
  const { sha256 } = await baseInput(copy);
  await keepModel(context, {
    id: 'mdl_moved',
    name: 'base',
    kind: 'base',
    path: '/gone',
    sha256,
    ...nothing,
  });
  expect(await locateModel(context, { model: 'mdl_moved', folder: copy })).toMatchObject({ path: copy });
  expect(await getModel(context.db, 'mdl_moved')).toMatchObject({ path: copy, sha256 });
  await writeFile(join(copy, 'model_index.json'), '{}');
  for (const model of ['mdl_moved', 'mdl_third'])
    await expect(locateModel(context, { model, folder: copy })).rejects.toMatchObject({
      code: 'model-mismatch',
    });
  await expect(locateModel(context, { model: 'mdl_rain', folder: copy })).rejects.toMatchObject({
    code: 'model-unfit',
  });
});
