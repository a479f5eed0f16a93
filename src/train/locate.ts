import { resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { tables } from '../db/index.ts';
import { appendAudit, baseInput, type Context, EARLIER_BASES, SHIPPED_BASE } from '../jobs/index.ts';
import type { LocateInput, Model } from './schema.ts';
import { getModel } from './store.ts';

/**
 * Notes where the folder of a base lies now. Models that were trained here stay in the folders of their runs.
 * @throws BacklotError `no-such-model`, `no-base`, `model-unfit`, `model-mismatch`
 */
export async function locateModel(
  { db, who }: Pick<Context, 'db' | 'who'>,
  { model: id, folder }: LocateInput,
): Promise<Model> {
  const model = await getModel(db, id);
  if (model.kind !== 'base' || model.runId !== null) throw notABase(model);
  const found = await baseInput(resolve(folder));
  if (found.sha256 !== model.sha256) throw another(model, found);
  await db.transaction(async (tx) => {
    const { trainModels } = tables;
    await tx.update(trainModels).set({ path: found.path }).where(eq(trainModels.id, id));
    await appendAudit(tx, {
      who,
      what: 'model.locate',
      subject: id,
      details: { from: model.path, to: found.path },
    });
  });
  return { ...model, path: found.path };
}

/** Refuses a base that an earlier Backlot brought and that this one has another in place of. @throws BacklotError `base-replaced` */
export async function refuseReplaced({
  id,
  path,
  sha256,
}: Pick<Model, 'id' | 'path' | 'sha256'>): Promise<void> {
  const earlier = EARLIER_BASES.get(sha256);
  const here = earlier && (await baseInput(path).catch(() => null));
  if (!earlier || here?.sha256 === sha256) return;
  const { version, commit } = earlier;
  const archive = `git archive ${commit} assets/base | tar -x -C FOLDER`;
  throw new BacklotError('base-replaced', {
    expected: `version ${version} of the base, which came with an earlier Backlot (sha256 ${sha256})`,
    where: `${id}, ${path}`,
    found: path === SHIPPED_BASE ? 'the base that comes with Backlot now' : 'another folder, or none',
    remedy:
      `Train the adapter again on today's base, or take version ${version} out of Backlot's repository (\`${archive}\`) ` +
      `and say where it lies: \`backlot model locate ${id} FOLDER/assets/base\`.`,
  });
}

const notABase = ({ id, kind }: Model): BacklotError =>
  new BacklotError('model-unfit', {
    expected: 'a base that came with Backlot or from outside',
    where: `model ${id}`,
    found: kind === 'base' ? 'one that a run here has left' : `a ${kind} model`,
    remedy: 'Models that were trained here stay in the folders of their runs.',
  });

const another = ({ id, sha256 }: Model, found: { path: string; sha256: string }): BacklotError =>
  new BacklotError('model-mismatch', {
    expected: `the folder of ${id}, with sha256 ${sha256}`,
    where: found.path,
    found: `sha256 ${found.sha256}`,
    remedy: 'Name the folder that holds the very files of that base.',
  });
