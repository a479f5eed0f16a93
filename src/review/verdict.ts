import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { BacklotError, messageOf } from '../contract/index.ts';
import { getTake, listTakes } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import {
  exportedVerdictsSchema,
  type importOutputSchema,
  type Verdict,
  type verdictInputSchema,
} from './schema.ts';
import { addVerdict } from './store.ts';

type VerdictInput = z.output<typeof verdictInputSchema>;

/** Adds a person's verdict on a take. @throws BacklotError `no-such-take` */
export async function giveVerdict(context: Context, input: VerdictInput): Promise<Verdict> {
  await getTake(context.db, input.take);
  const verdict = verdictOf(input, context.who, new Date().toISOString());
  await addVerdict(context, idOf(verdict), verdict);
  return verdict;
}

/**
 * Adds the verdicts that a report opened as a file exported. The same file twice adds nothing; verdicts on takes that
 * are not of this workspace are refused one by one.
 */
export async function importVerdicts(
  context: Context,
  file: string,
): Promise<z.infer<typeof importOutputSchema>> {
  const { verdicts } = await readExport(file);
  const known = new Set((await listTakes(context.db)).map(({ id }) => id));
  const result: z.infer<typeof importOutputSchema> = { added: 0, known: 0, refused: [] };
  for (const { frame, givenAt, ...input } of verdicts) {
    if (!known.has(input.take)) {
      result.refused.push({ take: input.take, reason: 'no such take in this workspace' });
      continue;
    }
    const given = { ...input, ...(frame == null ? {} : { frame }) };
    const verdict = verdictOf(given, context.who, givenAt ?? new Date(0).toISOString());
    result[(await addVerdict(context, idOf(verdict), verdict)) ? 'added' : 'known']++;
  }
  return result;
}

function verdictOf(input: VerdictInput, person: string, givenAt: string): Verdict {
  const { take, note, frame = null } = input;
  return {
    take,
    person,
    verdict: input.verdict === 'usable' ? 'usable' : 'not usable',
    frame,
    note,
    givenAt,
  };
}

const idOf = (verdict: Verdict): string =>
  `vrd_${createHash('sha256')
    .update(JSON.stringify(Object.values(verdict)))
    .digest('hex')
    .slice(0, 12)}`;

async function readExport(file: string): Promise<z.infer<typeof exportedVerdictsSchema>> {
  try {
    return exportedVerdictsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new BacklotError('bad-verdicts', {
      expected: 'a JSON file that "Export verdicts" in a report wrote',
      where: file,
      found: messageOf(error),
      remedy: 'Export the verdicts again from the report.',
    });
  }
}
