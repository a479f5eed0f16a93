import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { BacklotError, messageOf, wordsOfBadInput } from '../../contract/index.ts';
import { moneyOf } from '../../rights/index.ts';
import { countsReplicas, NEWEST_RULE, ruleIdSchema } from '../statement-rules.ts';
import { type Pool, poolNameSchema, poolSchema } from '../statement-schema.ts';

/** The pool that a studio divides. @throws BacklotError `pool-invalid` */
export async function readPool(path: string): Promise<Pool> {
  const pool = poolSchema.safeParse(await content(path));
  if (!pool.success) throw invalid(path, wordsOfBadInput(pool.error));
  const { training, references, replicas, rule } = pool.data;
  if (replicas && !countsReplicas(rule))
    throw invalid(path, `replicas, which rule ${rule} does not count; ${NEWEST_RULE} does`);
  const sides = [training, references].flatMap(({ owners, performers }) => [owners, performers]);
  const amounts = [...sides, replicas?.performers];
  const currencies = new Set(amounts.flatMap((amount) => (amount ? moneyOf(amount).currency : [])));
  if (currencies.size > 1) throw invalid(path, `amounts in ${[...currencies].join(' and ')}`);
  return pool.data;
}

async function content(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'), { schema: 'core' });
  } catch (error) {
    throw invalid(path, messageOf(error), error);
  }
}

const invalid = (where: string, found: string, cause?: unknown): BacklotError =>
  new BacklotError(
    'pool-invalid',
    {
      expected: `version: 1, a name, rule: ${ruleIdSchema.options.join(' or ')}, and amounts of one currency for ${poolNameSchema.options.join(', ')}`,
      where,
      found,
      remedy: 'Correct the file; a pool that is left out is not divided.',
    },
    cause,
  );
