import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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

export async function readPolicy(folder = keysFolder()): Promise<Policy> {
  const text = await readFile(join(folder, 'policy.json'), 'utf8').catch(() => '{}');
  return policySchema.parse(JSON.parse(text));
}
