import type { z } from 'zod';
import type {
  checkStatementOutputSchema,
  statementOutputSchema,
  verifyStatementOutputSchema,
} from '../statement-schema.ts';

type Written = z.infer<typeof statementOutputSchema>;

/** @param runs trainings that target somebody whom they do not show */
export const targetedWords = (runs: readonly string[] | undefined): string =>
  runs === undefined ? '' : `, targeted by ${runs.join(', ')}: the rule counts nothing for that`;

/** What was written, who is concerned and what nobody could be given. */
export function statementWords({ summary, notices, files }: Written): string {
  const { period, trainings, participants, undivided, notKnown, notice, digest } = summary;
  return [
    `${period.from} to ${period.until}: ${trainings.length} trainings, ${participants.length} participants`,
    ...participants.map(
      ({ id, name, amounts, targetedBy }) =>
        `  ${name} (${id})${amounts.map(({ pool, due }) => `  ${pool} ${due}`).join('')}${targetedWords(targetedBy)}`,
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
