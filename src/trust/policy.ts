import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';
import { keysFolder } from './keys.ts';

/** How long decisions and permits last. `policy.json` beside the keys says otherwise: not a workspace's business. */
export const policySchema = z.strictObject({
  decisionDays: z.number().positive().default(90).describe('a snapshot whose decisions are older is refused'),
  permitMinutes: z
    .number()
    .positive()
    .default(60)
    .describe('a run must begin within this time of its permit'),
});

export type Policy = z.infer<typeof policySchema>;

/** @throws BacklotError `policy-invalid`: a policy that cannot be read is not taken for none */
export async function readPolicy(folder = keysFolder()): Promise<Policy> {
  const path = join(folder, 'policy.json');
  try {
    const policy = policySchema.safeParse(JSON.parse(await textAt(path)));
    if (policy.success) return policy.data;
    throw new Error(wordsOfBadInput(policy.error));
  } catch (error) {
    throw invalid(path, error);
  }
}

const textAt = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });

const invalid = (where: string, error: unknown): BacklotError =>
  new BacklotError(
    'policy-invalid',
    {
      expected: `JSON with numbers above 0 for ${Object.keys(policySchema.shape).join(' and ')}, each if it is to differ`,
      ...{ where, found: messageOf(error) },
      remedy: 'Correct the file; without it decisions and permits last as long as Backlot says.',
    },
    error,
  );
