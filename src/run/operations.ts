import { defineOperation, type Operation } from '../jobs/context.ts';
import { assumedWords } from './assumed.ts';
import { demoInputSchema, type RunResult, runInputSchema, runResultSchema } from './schema.ts';

/** Nothing is cleared, so nothing was trained. */
const NOTHING_CLEARED = 3;

const unframedWords = ({ unframed = [] }: RunResult): string =>
  unframed.length === 0
    ? ''
    : `drawn from words alone: ${unframed.join(', ')}: the ledger does not let pictures of their scenes be given (condition, generate.previz)`;

const exitCode = ({ dataset }: RunResult): number => (dataset === null ? NOTHING_CLEARED : 0);

export const operations: readonly Operation[] = [
  defineOperation({
    name: 'run',
    summary: 'all nine stages on your films, from files to signed takes and a report',
    example: 'run films/ --rights ledger.yaml',
    input: runInputSchema,
    positional: ['paths'],
    output: runResultSchema,
    background: true,
    begins: true,
    permits: true,
    handler: async (context, input) => (await import('./run.ts')).run(context, input),
    show: inWords,
    exitCode,
  }),
  defineOperation({
    name: 'demo',
    summary: 'render a sample studio and run all nine stages on it',
    example: 'demo --workspace my-demo',
    input: demoInputSchema,
    output: runResultSchema,
    background: true,
    begins: true,
    permits: true,
    handler: async (context, input) => (await import('./demo.ts')).demo(context, input),
    show: inWords,
    exitCode,
  }),
] as readonly Operation[];

function inWords(result: RunResult): string {
  const { titles, shots, rights, dataset, arms, checker, forecast, report, template, seconds, reused } =
    result;
  const refused = Object.entries(rights.refused)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
  const lines = [
    `${titles} titles, ${shots} shots; ${rights.cleared} cleared${refused ? `; refused: ${refused}` : ''}`,
    ...assumedWords(rights),
    ...result.refusedFiles.map(({ file, code, reason }) => `refused ${file}: ${code}: ${reason}`),
    dataset
      ? `dataset ${dataset.id}: ${dataset.clips} clips`
      : `nothing is cleared, so nothing was trained. Fill in ${template} and run again with --rights.`,
    forecast && typeof forecast === 'object' && 'words' in forecast ? `forecast: ${forecast.words}` : '',
    ...arms.map(armLine),
    unframedWords(result),
    checker ? `judged by checker ${checker.sha256.slice(0, 12)}` : '',
    report ? `report: ${report}` : '',
    reused
      ? `nothing was made anew: the work of ${reused.finishedAt.slice(0, 16)} UTC (${Math.round(seconds)} s) was looked through in ${Math.round(reused.seconds)} s`
      : `${Math.round(seconds)} s`,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function armLine({
  name,
  trainSeconds,
  usable,
  usableAt4,
  briefs,
  leftOut,
}: RunResult['arms'][number]): string {
  if (leftOut !== null) return `${name.padEnd(8)} left out: ${leftOut}`;
  const rate = (of: typeof usable) =>
    of ? `${percent(of.value)} (${percent(of.low)} to ${percent(of.high)})` : 'unchecked';
  const trained = trainSeconds === null ? 'for a time not known here' : `${Math.round(trainSeconds)} s`;
  return `${name.padEnd(8)} trained ${trained}: usable ${rate(usable)}, usable@4 ${rate(usableAt4)}, ${briefs} briefs`;
}
