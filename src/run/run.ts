import { join } from 'node:path';
import { assess, type Forecast } from '../assess/index.ts';
import { freeze, type Snapshot } from '../dataset/index.ts';
import type { Brief } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { signTakes, writeCut } from '../provenance/index.ts';
import type { ReportInput } from '../review/index.ts';
import { type ArmResult, type LeftOut, runArms } from './arms.ts';
import { heldoutBriefs, unframed as unframedIn } from './briefs.ts';
import { type Films, type FilmsInput, leaveTemplate, readFilms } from './films.ts';
import { checkerOf, datasetOf, takesOf, tellStory, tenths } from './report.ts';
import type { RunInput, RunResult } from './schema.ts';
import { type Spent, startWatch, type Watch } from './work.ts';

/** The main job on a person's own films. */
export async function run(given: Context, input: RunInput): Promise<RunResult> {
  const watch = await startWatch(given, { name: 'run', ...input });
  const { context } = watch;
  return mainJob(watch, {
    ...input,
    name: 'run',
    title: 'Your films',
    films: input,
    briefsFor: (snapshot) => heldoutBriefs(context, snapshot, input.briefs, input.seed),
    unframedIn,
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
  /** Ids of briefs that were to give a picture and may not. */
  unframedIn: (briefs: readonly Brief[]) => string[];
  /** How well the shots were found, where the truth is known. */
  boundaryOf: (films: Films) => Promise<ReportInput['boundary']>;
}

/** All nine stages. Each reuses what is done already, so a killed job goes on when it is asked for again. */
export async function mainJob({ context, end }: Watch, job: MainJob): Promise<RunResult> {
  const films = await readFilms(context, job.films);
  const boundary = await job.boundaryOf(films);
  const shots = films.shots.map(({ id }) => id);
  if (films.cleared === 0) return nothingCleared(context, common(films, boundary, await end({ shots })));
  const learned = await learnAndMake(context, job);
  const spent = await end({ shots, ...madeOf(learned) });
  const report = await tellStory(context, { ...job, ...learned, spent, films, boundary });
  return resultOf(context, learned, report, common(films, boundary, spent));
}

/** What tells one outcome of a wish from another. */
const madeOf = ({ snapshot, forecast, arms }: Learned) => ({
  dataset: snapshot.id,
  forecast: forecast.id,
  takes: arms.flatMap(({ takes }) => takes.map(({ id, videoSha256 }) => [id, videoSha256])),
});

/** Stages four to nine, but for the report. */
async function learnAndMake(context: Context, job: MainJob) {
  const { seconds, seed } = job;
  const snapshot = await freeze(context, { use: 'train.style' });
  const forecast = await assess(context, {
    ...{ dataset: snapshot.id, seconds: seconds * FORECAST_SHARE, seed },
    sample: job.name === 'demo',
  });
  const briefs = await job.briefsFor(snapshot);
  const { arms, leftOut } = await runArms(context, { snapshot, briefs, seconds, seed });
  const records = await signTakes(
    context,
    arms.flatMap(({ takes }) => takes.map(({ id }) => id)),
  );
  const cut = await cutOf(context, arms);
  return { snapshot, forecast, arms, leftOut, records, cut, unframed: job.unframedIn(briefs) };
}

type Learned = Awaited<ReturnType<typeof learnAndMake>>;

function resultOf(
  context: Context,
  { snapshot, forecast, arms, leftOut, records, cut, unframed }: Learned,
  report: string,
  base: ReturnType<typeof common>,
): RunResult {
  return {
    ...base,
    workspace: context.paths.root,
    dataset: { id: snapshot.id, clips: datasetOf(snapshot).clips, digest: snapshot.digest },
    arms: [...arms.map(({ arm }) => ({ ...arm, leftOut: null })), ...leftOut.map(notMade)],
    checker: checkerOf(arms),
    takes: arms.flatMap((arm) => takesOf(arm, records).map((take) => lineOf(take, arm))),
    ...(unframed.length > 0 ? { unframed } : {}),
    forecast: shortForecast(forecast),
    cut,
    report,
    template: null,
  };
}

/** The forecast may cost this share of one arm's training time. */
const FORECAST_SHARE = 0.3;

function common(films: Films, boundary: ReportInput['boundary'], { seconds, reused }: Spent) {
  return {
    ...{ seconds: tenths(seconds), reused },
    titles: films.titles,
    shots: films.shots.length,
    refusedFiles: films.refusedFiles,
    ...(boundary === null ? {} : { boundary }),
    rights: {
      ...{ cleared: films.cleared, refused: films.refused },
      ...(Object.keys(films.assumed).length > 0 ? { assumed: films.assumed } : {}),
    },
  };
}

async function nothingCleared(context: Context, base: ReturnType<typeof common>): Promise<RunResult> {
  const template = await leaveTemplate(context);
  const none = { dataset: null, arms: [], checker: null, takes: [], forecast: null, cut: null, report: null };
  return { ...base, workspace: context.paths.root, ...none, template };
}

const notMade = ({ name, reason }: LeftOut): RunResult['arms'][number] => ({
  ...{ name, trainSeconds: 0, briefs: 0, usable: null, usableAt4: null },
  leftOut: reason,
});

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
