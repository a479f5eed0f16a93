import type { z } from 'zod';
import type {
  checkStatementOutputSchema,
  SummaryStatement,
  statementOutputSchema,
  verifyStatementOutputSchema,
} from '../statement-schema.ts';
import { fractionOf } from './fraction-text.ts';

type Written = z.infer<typeof statementOutputSchema>;

/** To a hundredth, for people: the exact fraction is in the JSON file. @param unit seconds that are one */
export function hundredths(seconds: string, unit: bigint): string {
  const { num, den } = fractionOf(seconds);
  const parts = (num * 200n + unit * den) / (2n * unit * den);
  return `${parts / 100n}.${`${parts % 100n}`.padStart(2, '0')}`;
}

/** @param runs trainings that target somebody whom they do not show */
const targetedWords = (runs: readonly string[] | undefined): string =>
  runs === undefined ? '' : `, targeted by ${runs.join(', ')}: the rule counts nothing for that`;

/** @param replicas takes whose briefs named the participant */
export const replicaWords = (replicas: Replicas): string =>
  `${takesWords(replicas)} drawn as replicas, ${hundredths(replicas.seconds, 1n)} s${withdrawnWords(replicas)}`;

/** What stands behind a participant's name beside amounts. */
export const besideAmounts = ({
  targetedBy,
  replicas,
}: Pick<SummaryStatement['participants'][number], 'targetedBy' | 'replicas'>): string =>
  `${targetedWords(targetedBy)}${replicas ? `, ${replicaWords(replicas)}` : ''}`;

type Replicas = NonNullable<SummaryStatement['participants'][number]['replicas']>;

const takesWords = ({ takes }: Replicas): string => (takes === 1 ? '1 take' : `${takes} takes`);

const withdrawnWords = ({ withdrawn }: Replicas): string =>
  withdrawn === 0 ? '' : ` (${withdrawn} of these reached by a withdrawal since)`;

/** What was written, who is concerned and what nobody could be given. */
export function statementWords({ summary, notices, files }: Written): string {
  const { period, trainings, participants, undivided, notKnown, notice, digest } = summary;
  return [
    `${period.from} to ${period.until}: ${trainings.length} trainings, ${participants.length} participants`,
    ...participants.map(
      ({ id, name, amounts, ...beside }) =>
        `  ${name} (${id})${amounts.map(({ pool, due }) => `  ${pool} ${due}`).join('')}${besideAmounts(beside)}`,
    ),
    ...undivided.map(({ pool, amount, why }) => `Not divided: ${pool} ${amount}, as ${why}`),
    ...notKnown.map((line) => `Not known: ${line}`),
    ...notices.map((line) => `! ${line}`),
    `${files.length} files; the summary's digest is ${digest}`,
    notice,
  ].join('\n');
}

export function verifiedWords({
  matches,
  whole,
  digest,
  recomputed,
  differences,
  unbelieved,
}: z.infer<typeof verifyStatementOutputSchema>): string {
  if (matches) return `The statement comes out the same: ${digest}`;
  const changed = whole ? [] : ['The file was changed after it was written.'];
  return [
    `The statement comes out OTHERWISE: ${recomputed}, not ${digest}`,
    ...changed,
    ...differences.map((part) => `  differs: ${part}`),
    ...unbelieved.map((line) => `  not counted: ${line}`),
  ].join('\n');
}

/** Whether a statement is the studio's, for whoever was sent it. */
export function checkedWords({
  genuine,
  key,
  participant,
  period,
  problems,
}: z.infer<typeof checkStatementOutputSchema>): string {
  const of = participant === null ? 'The summary' : `The statement for ${participant}`;
  const words = `${of}, ${period.from} up to, but not including, ${period.until}`;
  if (genuine) return `${words}, is as key ${key} signed it.`;
  return [`${words}, is NOT as key ${key} signed it:`, ...problems.map((problem) => `  ${problem}`)].join(
    '\n',
  );
}
