import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BacklotError, idOf } from '../contract/index.ts';
import {
  addModel,
  appendAudit,
  artifactSchema,
  artifactsIn,
  type Context,
  copyOnce,
  fileHash,
  makeFolder,
  progressOf,
  registerBase,
  writeOnce,
} from '../jobs/index.ts';
import { recordStanding, standing } from '../rights/index.ts';
import { cardOf, writeCard } from './card.ts';
import { EXPORTING, exportedAs } from './exported.ts';
import { refuseReplaced } from './locate.ts';
import { declareOrigin, originsOf, saidIn } from './origin.ts';
import { refuseBlocked } from './refuse.ts';
import type { ExportInput, ExportOutput, Imported, ImportInput, Model } from './schema.ts';
import { getModel, modelsOfWeights, withSameWeights } from './store.ts';

/**
 * Writes an adapter as files that other programs read, with its card beside them: one, of an open base one for each expert.
 * @throws BacklotError `model-unfit`, `file-exists`: another file lies there
 */
export async function exportAdapter(
  context: Context,
  { model: id, to, style }: ExportInput,
): Promise<ExportOutput> {
  const by = await standing(context.db);
  const model = await getModel(context.db, id);
  const base = model.kind === 'adapter' && model.baseId ? await getModel(context.db, model.baseId) : null;
  if (!base) throw notAnAdapter(model);
  await refuseReplaced(base);
  const kind = 'export-adapter' as const;
  const job = { kind, seed: 0, base: inputOf(base), adapter: inputOf(model), style };
  const run = await context.engine.run(job, progressOf(context.report, 'export'), context.signal);
  const folder = join(to, model.id);
  await makeFolder(folder);
  const files: ExportOutput['files'] = [];
  for (const { path, sha256 } of artifactsIn(run.outcome.result)) {
    const made = join(run.directory, path);
    const left = { file: join(folder, basename(path).replace('adapter', `${id}.${style}`)), sha256 };
    // Each by itself: what has left is in the log, also where another cannot.
    await recordStanding(context.db, by, run.mustStand, async (tx) => {
      await noteExport({ db: tx, who: context.who }, model, { ...left, style });
      await copyOnce(made, left.file);
    });
    files.push(left);
  }
  return { files, card: await writeCard(await cardOf(context, model), folder, writeOnce) };
}

/** What has left the workspace, so that a withdrawal finds it. */
const noteExport = (
  { db, who }: { db: Parameters<typeof appendAudit>[0]; who: string },
  { id }: Model,
  details: Record<string, string>,
) => appendAudit(db, { who, what: EXPORTING, subject: id, details });

/**
 * Makes an adapter of this workspace from an exported file. One that was exported here is the model that it was, by the file's bytes or
 * by its weights, with its lineage: of several that have the same the first that is in use (ADR 0190). What any other was trained on is what
 * a person says; nothing is drawn with it before.
 * @throws BacklotError `bad-input` where only a part is said, `no-such-file`, `origin-known`, `blocked`, `model-retired`
 */
export async function importAdapter(
  context: Context,
  { file, name, base: path, ...given }: ImportInput,
): Promise<Imported> {
  const said = saidIn(given);
  const base = await registerBase(context, path);
  await mustBeFile(file);
  const input = { path: file, sha256: await fileHash(file) };
  const exported = await exportedAs(context.db, input.sha256);
  // Asked before the engine reads it: of what is out of use nothing is made.
  const original = await inUse(context.db, await withSameWeights(context.db, exported));
  const job = { kind: 'import-adapter' as const, seed: 0, base: inputOf(base), file: input };
  const run = await context.engine.run(job, progressOf(context.report, 'import'), context.signal);
  const made = artifactSchema.parse(run.outcome.result.model);
  const known = original ?? (await inUse(context.db, await modelsOfWeights(context.db, made.sha256)));
  const id = known ?? idOf('mdl', made.sha256.slice(0, 12));
  const model = {
    ...{ id, name: name ?? basename(file, '.safetensors'), kind: 'adapter', sha256: made.sha256 },
    ...{ path: join(run.directory, made.path), baseId: base.id, snapshotId: null, runId: null },
    record: { importedFrom: input.sha256 },
  };
  await noteImport(context, model, original === undefined);
  const origin = said
    ? await declareOrigin(context, { model: id, ...said })
    : ((await originsOf(context.db, [id])).get(id) ?? null);
  return { ...(await getModel(context.db, id)), origin };
}

/** The first of some models that is in use; undefined where there are none. @throws BacklotError `blocked`, `model-retired` where none is */
async function inUse(db: Context['db'], ids: readonly string[]): Promise<string | undefined> {
  const refused: unknown[] = [];
  for (const id of ids) {
    const error = await refuseBlocked(db, [{ kind: 'model', id }]).catch((why: unknown) => why ?? null);
    if (error === undefined) return id;
    refused.push(error);
  }
  if (refused.length > 0) throw refused[0];
  return undefined;
}

/** The model, where it is another than it was exported from, and its row of the audit log. */
const noteImport = ({ db, who }: Context, model: Parameters<typeof addModel>[1], isOther: boolean) =>
  db.transaction(async (tx) => {
    if (isOther) await addModel(tx, model);
    const { id, sha256, baseId, record } = model;
    const details = { sha256, baseId, ...(record as object) };
    await appendAudit(tx, { who, what: 'adapter.import', subject: id, details });
  });

const inputOf = ({ path, sha256 }: Model) => ({ path, sha256 });

const notAnAdapter = ({ id, kind }: Model): BacklotError =>
  new BacklotError('model-unfit', {
    expected: 'an adapter',
    where: `model ${id}`,
    found: `a ${kind} model`,
    remedy: 'Name an adapter; `backlot models` lists them. Whole models are diffusers folders already.',
  });

/** The folder that `adapter export` was given holds the file one folder further down: it is easily named instead. */
async function mustBeFile(file: string): Promise<void> {
  const facts = await stat(file).catch(() => null);
  if (facts?.isFile()) return;
  throw new BacklotError('no-such-file', {
    expected: 'a file that `adapter export` wrote, ending in .safetensors',
    where: file,
    found: facts ? 'a folder' : 'none',
    remedy: 'Name the file itself.',
  });
}
