import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';

/** What the exit code of a command says; every `--help` prints this table. */
export const EXIT_CODES = {
  0: 'done',
  1: 'failed, also over what stands in a file that was given; the message says what was expected, where, what was found and what to do',
  2: 'the command line is wrong: an unknown option, a missing argument, a value out of range',
  3: 'no shot is cleared, so nothing was trained',
  75: 'another process holds the workspace and cannot be asked',
  130: 'cancelled; the same command goes on where it stopped',
} as const;

const BY_ERROR: Record<string, keyof typeof EXIT_CODES> = {
  'bad-input': 2,
  'nothing-cleared': 3,
  'workspace-locked': 75,
  cancelled: 130,
};

export interface CliFailure {
  code: string;
  message: string;
  exitCode: number;
  /** Each by itself, where an error has several. */
  problems?: readonly string[];
}

const SEE_HELP = '`--help` says what each may be.';

export function cliFailureOf(error: unknown): CliFailure {
  const { code } = error as { code?: unknown };
  const name = (error as Error)?.name;
  if (error instanceof z.ZodError)
    return { code: 'bad-input', message: `${wordsOfBadInput(error)}\n${SEE_HELP}`, exitCode: 2 };
  const known = name === 'BacklotError' && typeof code === 'string' ? code : 'internal';
  const failure = { code: known, message: messageOf(error), exitCode: BY_ERROR[known] ?? 1 };
  const problems = problemsOf(error);
  return problems ? { ...failure, problems } : failure;
}

/** Of an error thrown here its facts hold them; one of the process that works has them beside its message. */
const problemsOf = (error: unknown): readonly string[] | undefined =>
  error instanceof BacklotError ? error.facts.problems : (error as Partial<CliFailure> | null)?.problems;
