import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { BacklotError, messageOf } from '../contract/index.ts';
import { getTake, listTakes, type Take } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import { probe } from '../media/index.ts';
import {
  exportedVerdictsSchema,
  type importOutputSchema,
  type Verdict,
  type verdictInputSchema,
} from './schema.ts';
import { addVerdict } from './store.ts';

type VerdictInput = z.output<typeof verdictInputSchema>;

/** Adds a person's verdict on a take. @throws BacklotError `no-such-take`, `bad-input` where it has no such frame */
export async function giveVerdict(context: Context, input: VerdictInput): Promise<Verdict> {
  const odd = await oddFrame(await getTake(context.db, input.take), input.frame);
  if (odd !== null) throw new BacklotError('bad-input', { where: 'review verdict', ...odd });
  const verdict = verdictOf(input, context.who, new Date().toISOString());
  await addVerdict(context, idOf(verdict), verdict);
  return verdict;
}

/**
 * Adds the verdicts that a report opened as a file exported. The same file twice adds nothing; verdicts on takes that
 * are not of this workspace, or on frames that a take does not have, are refused one by one.
 */
export async function importVerdicts(
  context: Context,
  file: string,
): Promise<z.infer<typeof importOutputSchema>> {
  const { verdicts } = await readExport(file);
  const takes = new Map((await listTakes(context.db)).map((take) => [take.id, take]));
  const result: z.infer<typeof importOutputSchema> = { added: 0, known: 0, refused: [] };
  for (const { frame, givenAt, ...input } of verdicts) {
    const reason = await refusal(takes.get(input.take), frame);
    if (reason !== null) {
      result.refused.push({ take: input.take, reason });
      continue;
    }
    const given = { ...input, ...(frame == null ? {} : { frame }) };
    const verdict = verdictOf(given, context.who, givenAt ?? new Date(0).toISOString());
    result[(await addVerdict(context, idOf(verdict), verdict)) ? 'added' : 'known']++;
  }
  return result;
}

async function refusal(take: Take | undefined, frame: number | null | undefined): Promise<string | null> {
  if (take === undefined) return 'no such take in this workspace';
  const odd = await oddFrame(take, frame);
  return odd && `expected ${odd.expected}, found ${odd.found}`;
}

/** What is wrong with the frame that a verdict is about. Of a take whose video is gone nobody can say, so any is taken. */
async function oddFrame({ id, videoPath }: Take, frame: number | null | undefined) {
  if (frame == null) return null;
  const frames = await probe(videoPath).then(
    ({ video }) => video?.declaredFrames,
    () => null,
  );
  if (frames == null || frame < frames) return null;
  return {
    expected: `a frame of take ${id}: 0 to ${frames - 1}`,
    found: String(frame),
    remedy: 'Frames are counted from 0; the report shows them.',
  };
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
