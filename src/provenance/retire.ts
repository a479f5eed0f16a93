import type { z } from 'zod';
import type { Db } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { getModel, RETIRING, refuseRetired, retiredAmong } from '../train/index.ts';
import { familyOf } from './reach.ts';
import type { Retired, retireInputSchema } from './schema.ts';
import { openTasksOn, settleTask } from './tasks.ts';

/** Models that people have put out of use for good (ADR 0109): the rows of the audit log that say so are what counts. */

/**
 * Puts a model, what was trained from it and copies of these out of use, and settles the tasks that ask for it. Weights and takes stay where they are.
 * @throws BacklotError `no-such-model`, `model-retired`
 */
export async function retireModel(
  context: Context,
  { model, reason, by = context.who, dryRun }: z.output<typeof retireInputSchema>,
): Promise<Omit<Retired, 'notice'>> {
  const { who } = context;
  await getModel(context.db, model);
  await refuseRetired(context.db, [model]);
  return context.db.transaction(async (db) => {
    const models = await withHeirs(db, model);
    const subjects = models.map(({ id }) => `model ${id}`);
    const settled = await openTasksOn(db, subjects);
    if (dryRun) return { retired: false, models, settled };
    for (const { id, via } of models)
      await appendAudit(db, { who, what: RETIRING, subject: id, details: { by, reason, via } });
    for (const task of settled) await settleTask({ db, who }, { task, by, evidence: `retired: ${reason}` });
    return { retired: true, models, settled };
  });
}

/** The model and those that start from it or are copies of it, over any number of steps, which are in use. */
async function withHeirs(db: Pick<Db, 'select' | 'execute'>, model: string): Promise<Retired['models']> {
  const { heirs } = await familyOf(db);
  const found = new Map<string, string | null>([[model, null]]);
  for (const [id] of found)
    for (const heir of idsOf(heirs.get(id))) if (!found.has(heir)) found.set(heir, id);
  const before = await retiredAmong(db, [...found.keys()]);
  return [...found].flatMap(([id, via]) => (before.has(id) ? [] : [{ id, via }]));
}

const idsOf = (models: readonly { id: string }[] = []): string[] => models.map(({ id }) => id).sort();
