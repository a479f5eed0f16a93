import { idOf } from '../contract/index.ts';
import { type Context, folderHash, keepModel, SHIPPED_UPSCALER } from '../jobs/index.ts';
import type { Model } from './schema.ts';

/** The shipped upscaler as a model of this workspace, so that lineage reaches it. */
export async function registerUpscaler(context: Context): Promise<Model> {
  const sha256 = await folderHash(SHIPPED_UPSCALER);
  const model: Model = {
    ...{ id: idOf('mdl', sha256.slice(0, 12)), name: 'upscaler', kind: 'upscaler' },
    ...{ path: SHIPPED_UPSCALER, sha256 },
    ...{ baseId: null, snapshotId: null, runId: null, record: {} },
  };
  await keepModel(context, model);
  return model;
}
