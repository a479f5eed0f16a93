import { join } from 'node:path';
import { listFiles } from '../catalog/index.ts';
import { briefSchema } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { boundaryScore, renderStudio, type Studio, sampleBriefs } from '../sample/index.ts';
import { listTransitions } from '../shots/index.ts';
import { mainJob } from './run.ts';
import type { DemoInput, RunResult } from './schema.ts';
import { startWatch } from './work.ts';

/** The main job on a sample studio that is rendered first: what a new user sees. */
export async function demo(given: Context, input: DemoInput): Promise<RunResult> {
  const watch = await startWatch(given, { name: 'demo', ...input });
  const { context } = watch;
  const studio = await render(context, input.seed);
  return mainJob(watch, {
    ...input,
    name: 'demo',
    title: 'The sample studio',
    films: {
      paths: studio.titles.flatMap(({ file, srt, csv }) => [file, srt, csv]),
      rights: studio.ledgerPath,
    },
    briefsFor: () =>
      sampleBriefs({ studio, count: input.briefs, seed: input.seed }).map((brief) =>
        briefSchema.parse(brief),
      ),
    unframedIn: () => [],
    boundaryOf: () => boundaryOf(context, studio),
  });
}

function render(context: Context, seed: number): Promise<Studio> {
  return renderStudio({
    dir: join(context.paths.root, 'sample-studio'),
    seed,
    size: 'demo',
    signal: context.signal,
    onProgress: ({ title, done, total }) =>
      context.report({ phase: 'rendering the sample studio', done, total, unit: 'frames', note: title }),
  });
}

/** What was found in each film against what was drawn. */
async function boundaryOf({ db }: Context, studio: Studio) {
  const files = await listFiles(db);
  const found = await Promise.all(
    studio.titles.map(async ({ file, truth }) => {
      const id = files.find(({ path }) => path === file)?.id;
      return { truth, transitions: id === undefined ? [] : await listTransitions(db, id) };
    }),
  );
  return boundaryScore(found);
}
