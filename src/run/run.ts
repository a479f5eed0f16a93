import { join } from 'node:path';
import { assess, type Forecast } from '../assess/index.ts';
import { freeze, type Snapshot } from '../dataset/index.ts';
import type { Brief } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { signTakes, writeCut } from '../provenance/index.ts';
import type { ReportInput } from '../review/index.ts';
import { type ArmResult, runArms } from './arms.ts';
import { heldoutBriefs } from './briefs.ts';
import { type Films, type FilmsInput, leaveTemplate, readFilms } from './films.ts';
import { datasetOf, secondsSince, takesOf, tellStory } from './report.ts';
import type { RunInput, RunResult } from './schema.ts';

/** The main job on a person's own films. */
export function run(context: Context, input: RunInput): Promise<RunResult> {
  return mainJob(context, {
    ...input,
    name: 'run',
    title: 'Your films',
    films: input,
    briefsFor: (snapshot) => heldoutBriefs(context, snapshot, input.briefs, input.seed),
    boundaryOf: async () => null,
  });
}

/** What `run` and `demo` do differently. */
export interface MainJob {
  name: 'run' | 'demo';
  title: string;
  films: FilmsInput;
  seconds: number;
  seed: number;
  briefsFor: (snapshot: Snapshot) => Promise<Brief[]> | Brief[];
  /** How well the shots were found, where the truth is known. */
  boundaryOf: (films: Films) => Promise<ReportInput['boundary']>;
}

/** All nine stages. Each reuses what is done already, so a killed job goes on when it is asked for again. */
export async function mainJob(context: Context, job: MainJob): Promise<RunResult> {
  const startedAt = Date.now();
  const films = await readFilms(context, job.films);
  const boundary = await job.boundaryOf(films);
  if (films.cleared === 0) return nothingCleared(context, films, boundary, startedAt);
  const learned = await learnAndMake(context, job);
  const report = await tellStory(context, { ...job, ...learned, startedAt, films, boundary });
  return resultOf(learned, report, common(context, films, boundary, startedAt));
}

/** Stages four to nine, but for the report. */
async function learnAndMake(context: Context, job: MainJob) {
  const { seconds, seed } = job;
  const snapshot = await freeze(context, { use: 'train.style' });
  const forecast = await assess(context, { dataset: snapshot.id, seconds: seconds * FORECAST_SHARE, seed });
  const briefs = await job.briefsFor(snapshot);
  const arms = await runArms(context, { snapshot, briefs, seconds, seed });
  const records = await signTakes(
    context,
    arms.flatMap(({ takes }) => takes.map(({ id }) => id)),
  );
  return { snapshot, forecast, arms, records, cut: await cutOf(context, arms) };
}

type Learned = Awaited<ReturnType<typeof learnAndMake>>;

function resultOf(
  { snapshot, forecast, arms, records, cut }: Learned,
  report: string,
  base: ReturnType<typeof common>,
): RunResult {
  return {
    ...base,
    dataset: { id: snapshot.id, clips: datasetOf(snapshot).clips, digest: snapshot.digest },
    arms: arms.map(({ arm }) => arm),
    takes: arms.flatMap((arm) => takesOf(arm, records).map((take) => lineOf(take, arm))),
    forecast: shortForecast(forecast),
    cut,
    report,
    template: null,
  };
}

/** The forecast may cost this share of one arm's training time. */
const FORECAST_SHARE = 0.3;

function common(context: Context, films: Films, boundary: ReportInput['boundary'], startedAt: number) {
  return {
    workspace: context.paths.root,
    seconds: secondsSince(startedAt),
    titles: films.titles,
    shots: films.shots.length,
    refusedFiles: films.added.refused,
    ...(boundary === null ? {} : { boundary }),
    rights: { cleared: films.cleared, refused: films.refused },
  };
}

async function nothingCleared(
  context: Context,
  films: Films,
  boundary: ReportInput['boundary'],
  startedAt: number,
): Promise<RunResult> {
  const template = await leaveTemplate(context);
  const none = { dataset: null, arms: [], takes: [], forecast: null, cut: null, report: null };
  return { ...common(context, films, boundary, startedAt), ...none, template };
}

const lineOf = (take: ReturnType<typeof takesOf>[number], arm: ArmResult): RunResult['takes'][number] => ({
  id: take.id,
  path: take.video,
  brief: take.brief,
  model: arm.model?.id ?? arm.takes[0]?.modelId ?? arm.name,
  signed: take.signed === 'Trusted',
  verdict: take.verdict,
});

const shortForecast = ({ id, verdict, words, usableAt4, trials, doubled }: Forecast) => ({
  id,
  verdict,
  words,
  usableAt4,
  trials,
  doubled,
});

/** The best the adapter has: its usable take of each brief, or where nothing was checked the first. */
async function cutOf(context: Context, arms: readonly ArmResult[]): Promise<string | null> {
  const adapter = arms.find(({ name }) => name === 'adapter');
  if (!adapter) return null;
  const verdicts = new Map(adapter.checks.map(({ takeId, verdict }) => [takeId, verdict]));
  const byBrief = [...Map.groupBy(adapter.takes, ({ briefId }) => briefId).values()];
  const selects = byBrief.flatMap(
    (takes) =>
      takes.find(({ id }) => verdicts.get(id) === 'usable') ??
      takes.filter(({ id }) => verdicts.get(id) === 'unchecked').slice(0, 1),
  );
  if (selects.length === 0) return null;
  const path = join(context.paths.reports, 'selects.otio');
  await writeCut(
    context,
    selects.map(({ id }) => id),
    path,
  );
  return path;
}
