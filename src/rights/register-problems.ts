import { BacklotError } from '../contract/index.ts';

/** Problems that are told; a register of a million rows may have as many. */
const TOLD = 100;

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
    if (told.first.length < TOLD) told.first.push(problem);
    told.count++;
  }
}

/** A register that is refused, with its problems. */
export function registerInvalid(where: string, { first, count }: Told): BacklotError {
  const more = count > first.length ? [`and ${count - first.length} more`] : [];
  const words = count === 1 ? '1 problem' : `${count} problems`;
  return new BacklotError('register-invalid', {
    expected: 'a register without errors',
    where,
    found: `${words}:\n  ${[...first, ...more].join('\n  ')}`,
    remedy: 'Correct these cells and import the file again: nothing of it was imported.',
  });
}
