import { BacklotError } from '../contract/index.ts';

/** Problems that are told in words, and that are listed for programs: a register of a million rows may have as many. */
const [TOLD, LISTED] = [100, 100_000];

/** What is wrong in a register: the first of them, and how many there are. */
export interface Told {
  first: string[];
  count: number;
}

export function toldOf(problems: Iterable<string>): Told {
  const told = { first: [], count: 0 };
  tell(told, problems);
  return told;
}

export function tell(told: Told, problems: Iterable<string>): void {
  for (const problem of problems) {
    if (!isFull(told)) told.first.push(problem);
    told.count++;
  }
}

/** Whether what comes now is counted alone. */
export const isFull = ({ first }: Told): boolean => first.length >= LISTED;

/** A register that is refused, with its problems. */
export function registerInvalid(where: string, told: Told): BacklotError {
  const { first, count } = told;
  const words = count === 1 ? '1 problem' : `${count} problems`;
  return new BacklotError('register-invalid', {
    expected: 'a register without errors',
    where,
    found: `${words}:\n  ${toldWords(told).join('\n  ').replace(/\.$/, '')}`,
    remedy: 'Correct these cells and import the file again: nothing of it was imported.',
    problems: first,
  });
}

/** The first of them, and how many more there are. */
export const toldWords = ({ first, count }: Told): string[] => [...first.slice(0, TOLD), ...moreOf(count)];

function moreOf(count: number): string[] {
  if (count <= TOLD) return [];
  const listed = count > LISTED ? `the first ${LISTED} are listed` : 'each is listed';
  return [`and ${count - TOLD} more: with --json ${listed}`];
}
