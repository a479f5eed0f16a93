import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatasetInput } from '../contract/index.ts';
import { getSnapshot } from '../dataset/index.ts';
import { type GenerateInput, generate, type Take, takeLinesIn } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import { compareGiven, noteStills, type ProvenanceRecord, signTakes } from '../provenance/index.ts';
import { type Arm, checkTakes, shippedChecker, writeReport } from '../review/index.ts';
import { getModel, type Model } from '../train/index.ts';
import { ratesOf } from './arms.ts';
import { type Group, groupsOf } from './groups.ts';
import { JUDGED, takesOf } from './report.ts';
import type { MadeTakes } from './schema.ts';

/**
 * Takes of a person's briefs: what they give compared with the takes there are, made, read by the checker where it knows what they should show, screened for copies of what
 * their models learned from, signed, and laid into a report of their own.
 * @param source file of the briefs: names the report
 */
export async function makeTakes(context: Context, input: GenerateInput, source: string): Promise<MadeTakes> {
  await compareGiven(
    context,
    input.briefs.flatMap(({ video }) => video ?? []),
  );
  await noteStills(
    context,
    input.briefs.flatMap(({ first, last }) => [first ?? [], last ?? []].flat()),
  );
  const takes = await generate(context, input);
  const models = await modelsOf(context, takes);
  const checks = await checkTakes(context, takes, await learnedFrom(context, [...models.values()]));
  const records = await signTakes(
    context,
    takes.map(({ id }) => id),
  );
  const groups = groupsOf(takes, checks, models);
  const report = await reportOn(context, groups, records, source);
  const verdicts = new Map(checks.map(({ takeId, verdict, reasons }) => [takeId, { verdict, reasons }]));
  const signed = new Map(records.map(({ takeId, signedPath }) => [takeId, { signedPath }]));
  return {
    takes: takes.map((take) => ({ ...take, ...unchecked, ...verdicts.get(take.id), ...signed.get(take.id) })),
    report,
  };
}

const unchecked = { verdict: 'unchecked' as const, reasons: [], signedPath: '' };

/** What made each take, and the adapters that its brief names, with what these were trained on, by id. */
async function modelsOf({ db }: Context, takes: readonly Take[]): Promise<Map<string, Model>> {
  const ids = new Set(
    takes.flatMap(({ modelId, brief }) => [modelId, ...brief.adapters.map(({ id }) => id)]),
  );
  const named = await Promise.all([...ids].map((id) => getModel(db, id)));
  const under = new Set(named.flatMap(({ kind, baseId }) => (kind === 'adapter' ? (baseId ?? []) : [])));
  const bases = await Promise.all([...under].filter((id) => !ids.has(id)).map((id) => getModel(db, id)));
  return new Map([...named, ...bases].map((model) => [model.id, model]));
}

/** The datasets that models learned from, each once. */
async function learnedFrom({ db }: Context, models: readonly Model[]): Promise<DatasetInput[]> {
  const ids = new Set(models.flatMap(({ snapshotId }) => snapshotId ?? []));
  const snapshots = await Promise.all([...ids].map((id) => getSnapshot(db, id)));
  return snapshots.map(({ path, digest }) => ({ path, digest }));
}

/** Briefs that nobody could judge count neither for nor against the model. */
function armOf({ name, trainSeconds, takes, checks }: Group): Arm {
  const open = new Set(checks.flatMap(({ takeId, verdict }) => (verdict === 'unchecked' ? [takeId] : [])));
  const judged = takes.filter(({ id }) => !open.has(id));
  const rates = ratesOf(judged, checks);
  return {
    ...{ name, trainSeconds },
    briefs: new Set((rates ? judged : takes).map(({ briefId }) => briefId)).size,
    usable: rates?.usable ?? null,
    usableAt4: rates?.usableAt4 ?? null,
  };
}

async function reportOn(
  context: Context,
  groups: readonly Group[],
  records: readonly ProvenanceRecord[],
  source: string,
): Promise<string> {
  const arms = groups.map(armOf);
  const checker = arms.some(({ usable }) => usable !== null) ? await shippedChecker() : null;
  return writeReport(context, {
    name: `takes-${basename(source).replace(/\.[^.]*$/, '')}`,
    title: `Takes for ${basename(source)}`,
    workspace: context.paths.root,
    madeAt: new Date().toISOString(),
    ...{ seconds: null, titles: 0, shots: 0, boundary: null, rights: null },
    dataset: null,
    arms,
    takes: groups.flatMap((group) => takesOf(group, records)),
    picture: await pictureOf(context, groups[0]?.takes[0]),
    checker: checker && { sha256: checker.sha256 },
    forecast: null,
    cpuMinutesPerUsableSecond: null,
    measured: checker ? JUDGED : [],
    notes: [],
  });
}

async function pictureOf({ paths }: Context, take: Take | undefined) {
  const path = join(paths.runs, take?.runId ?? '', 'takes.jsonl');
  // The size alone is looked at: whether the run has marked the file was asked when its takes were made.
  const [line] = take ? takeLinesIn(await readFile(path, 'utf8')) : [];
  const { width = 1, height = 1, frames = 1, fps = '1' } = line ?? {};
  return { width, height, frames, fps: rateNumber(parseRate(fps)) };
}
