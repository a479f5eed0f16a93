import { defineOperation } from '../jobs/context.ts';
import * as schema from './schema.ts';

const report = defineOperation({
  name: 'review.report',
  summary: "Write a run's report again, with the verdicts that people have given since",
  example: 'review report',
  input: schema.reportInputSchema,
  output: schema.reportOutputSchema,
  positional: ['name'],
  handler: async (context, { name }) => (await import('./report.ts')).refreshReport(context, name),
  show: (written) => `${written.report}\n${written.takes} takes, ${written.verdicts} verdicts`,
});

const verdict = defineOperation({
  name: 'review.verdict',
  summary: 'Say whether a take is usable, with a note at a frame',
  example: 'review verdict tak_3f9c21d07a4e not_usable --note "the hat flickers" --frame 9',
  input: schema.verdictInputSchema,
  output: schema.verdictSchema,
  positional: ['take', 'verdict'],
  handler: async (context, input) => (await import('./verdict.ts')).giveVerdict(context, input),
  show: (given) => `${given.take}: ${given.verdict} (${given.person})`,
});

const verdicts = defineOperation({
  name: 'review.verdicts',
  summary: 'List the verdicts of people, oldest first',
  example: 'review verdicts',
  input: schema.verdictsInputSchema,
  output: schema.verdictsOutputSchema,
  positional: ['take'],
  handler: async ({ db }, { take }) => ({
    verdicts: await (await import('./store.ts')).listVerdicts(db, take),
  }),
  show: verdictsInWords,
});

const importing = defineOperation({
  name: 'review.import',
  summary: 'Add the verdicts that a report opened as a file exported',
  example: 'review import verdicts-demo.json',
  input: schema.importInputSchema,
  output: schema.importOutputSchema,
  positional: ['file'],
  handler: async (context, { file }) => (await import('./verdict.ts')).importVerdicts(context, file),
  exitCode: ({ refused }) => (refused.length > 0 ? 1 : 0),
});

function verdictsInWords({ verdicts: given }: { verdicts: readonly schema.Verdict[] }): string {
  if (given.length === 0) return 'No verdict is given yet: backlot review verdict TAKE usable';
  return given
    .map(({ take, verdict: said, person, givenAt, frame, note }) => {
      const at = frame === null ? '' : `, frame ${frame}`;
      return `${take}  ${said}  ${person}, ${givenAt}${at}${note === '' ? '' : `: ${note}`}`;
    })
    .join('\n');
}

export const operations = [report, verdict, verdicts, importing];
