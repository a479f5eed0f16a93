import type { z } from 'zod';

const ZODS_OWN_WORDS = /^(Too small|Too big|Invalid input|Invalid option|Invalid string): /;

/**
 * What is wrong with the fields of an input, a line each: where, what was expected and, where the input was kept
 * (`reportInput`), what was found.
 */
export const wordsOfBadInput = (error: z.ZodError): string => error.issues.map(lineOf).join('\n');

function lineOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
  return `${where}${issue.message.replace(ZODS_OWN_WORDS, '')}${foundIn(issue)}`;
}

function foundIn({ input, message }: z.core.$ZodIssue): string {
  if (input === undefined || typeof input === 'object' || message.includes('received')) return '';
  return `, found ${JSON.stringify(input)}`;
}
