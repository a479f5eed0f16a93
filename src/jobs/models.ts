import { join, relative, resolve, sep } from 'node:path';
import { eq, type SQL, sql } from 'drizzle-orm';
import { idOf } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import { appendAudit } from './audit.ts';
import { baseInput } from './base.ts';
import type { Context } from './context.ts';
import { sha256OfText } from './hash.ts';
import { jobIn } from './older-runs.ts';

const { trainModels } = tables;

/** A model as the database keeps it. */
export type ModelRow = Omit<typeof trainModels.$inferSelect, 'madeAt'>;

/** They come with Backlot, or from outside: no act of this workspace made them, where no run has left them. */
const SHIPPED: readonly string[] = ['base', 'upscaler'];

/**
 * Keeps a model, whichever stage has trained it: what is not kept here no withdrawal finds. One that was trained here and is
 * new is a row of the audit log too. A trial that is trained again as a model is that model from then on.
 */
export async function keepModel(
  { db, who }: { db: Pick<Db, 'transaction'>; who: string },
  model: ModelRow,
): Promise<void> {
  const { id, kind, sha256, snapshotId, baseId, runId } = model;
  await db.transaction(async (tx) => {
    const isShipped = SHIPPED.includes(kind) && runId === null;
    if (!(await addModel(tx, model)) || isShipped) return;
    const details = { kind, sha256, snapshotId, baseId, runId };
    await appendAudit(tx, { who, what: 'train', subject: id, details });
  });
}

/** Adds a model, for whoever writes its own row of the audit log. @returns whether it is new, or was a trial until now */
export async function addModel(tx: Pick<Db, 'insert'>, model: ModelRow): Promise<boolean> {
  const { name, kind, record } = model;
  const adding = tx.insert(trainModels).values(model);
  const wasTrial = { target: trainModels.id, set: { name, kind, record }, setWhere: isTrial };
  const kept = kind === 'trial' ? adding.onConflictDoNothing() : adding.onConflictDoUpdate(wasTrial);
  return (await kept.returning()).length > 0;
}

const isTrial = eq(trainModels.kind, 'trial');

/**
 * The id of a model that learned from a dataset: of its weights, or where these are there already, of another dataset, of both. The same clips
 * frozen for others give the same weights, and whose likeness they may draw, and who withdraws them, is another's.
 */
export async function modelIdFor(
  db: Context['db'],
  sha256: string,
  snapshot: string | null,
): Promise<string> {
  const id = idOf('mdl', sha256.slice(0, 12));
  const { snapshotId } = trainModels;
  const [known] = await db.select({ snapshotId }).from(trainModels).where(eq(trainModels.id, id));
  if (snapshot === null || !known || known.snapshotId === snapshot) return id;
  return idOf('mdl', sha256OfText(`${sha256} ${snapshot}`).slice(0, 12));
}

/**
 * The base as a model of this workspace, so that lineage reaches it: one that a run here has left, such as a codec fitted on a dataset,
 * learned from what that run read.
 */
export async function registerBase(context: Pick<Context, 'db' | 'who' | 'paths'>, path?: string) {
  const input = await baseInput(path);
  const made = await madeHere(context, input.path);
  const id = await modelIdFor(context.db, input.sha256, made.snapshotId);
  const model = {
    ...{ id, name: 'base', kind: 'base' as const, ...input },
    ...{ baseId: null, ...made, record: {} },
  };
  await keepModel(context, model);
  return model;
}

/** The run in whose folder a model lies, and the snapshot that it read. */
async function madeHere(
  { db, paths }: Pick<Context, 'db' | 'paths'>,
  path: string,
): Promise<Pick<ModelRow, 'snapshotId' | 'runId'>> {
  const [runId = ''] = relative(paths.runs, resolve(path)).split(sep);
  const job = /^run_/.test(runId) ? await jobIn(join(paths.runs, runId)) : null;
  if (!job || !('dataset' in job) || !job.dataset) return { snapshotId: null, runId: null };
  const { id, path: folder } = tables.datasetSnapshots;
  const [snapshot] = await db
    .select({ id })
    .from(tables.datasetSnapshots)
    .where(eq(folder, job.dataset.path));
  return { snapshotId: snapshot?.id ?? null, runId };
}

const aboutWords = sql`jsonb_path_exists(record, '$.notices[*].code ? (@ starts with "words-")')`;
const among = (ids: readonly string[]) =>
  sql`id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;

/** What models' rows keep of notices about words of captions, as lines: engines of earlier versions named the words. */
export const noticedWords = (ids: readonly string[]): SQL =>
  sql`select id || ' ' || (record -> 'notices')::text as line from ${trainModels} where ${aboutWords} and ${among(ids)}`;

/** Takes them away. The other notices stay. */
export async function purgeNoticedWords({ db }: Pick<Context, 'db'>, ids: readonly string[]): Promise<void> {
  await db.execute(sql`
    update ${trainModels} set record = jsonb_set(record, '{notices}', coalesce((
      select jsonb_agg(one) from jsonb_array_elements(record -> 'notices') one
      where not starts_with(one ->> 'code', 'words-')), '[]'))
    where ${aboutWords} and ${among(ids)}`);
}
