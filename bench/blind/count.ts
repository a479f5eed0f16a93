import { wilson } from '../../src/review/index.ts';

/** A take of the sheets: what a person said and what a checker said, with its reasons against it. */
export interface Seen {
  number: number;
  arm: string;
  text: string;
  reasons: string[];
  accepted: boolean;
  passed: boolean;
}

/** Shares with 95 % Wilson intervals: on how many checker and eye agree, also by arm, and what is right of either answer. */
export function rowsOf(seen: readonly Seen[], by: string) {
  const share = (what: string, of: readonly Seen[], hit: (one: Seen) => boolean) => {
    const { value, low, high } = wilson(of.filter(hit).length, of.length);
    return { what: `${by}${what}`, value, unit: 'share', low, high, n: of.length };
  };
  const agreed = (one: Seen) => one.accepted === one.passed;
  return [
    share('takes on which checker and eye agree', seen, agreed),
    ...armsOf(seen).map((arm) =>
      share(
        `takes on which they agree, ${arm}`,
        seen.filter((one) => one.arm === arm),
        agreed,
      ),
    ),
    share(
      'passed takes that the eye accepts',
      seen.filter(({ passed }) => passed),
      ({ accepted }) => accepted,
    ),
    share(
      'refused takes that the eye refuses',
      seen.filter(({ passed }) => !passed),
      ({ accepted }) => !accepted,
    ),
  ];
}

/** How many takes of each arm there were, how many the eye accepted, how many the checker passed. */
export function saidOf(seen: readonly Seen[]) {
  return armsOf(seen).map((arm) => {
    const own = seen.filter((one) => one.arm === arm);
    const accepted = own.filter((one) => one.accepted).length;
    return { arm, takes: own.length, accepted, passed: own.filter(({ passed }) => passed).length };
  });
}

export const errorsOf = (seen: readonly Seen[]) => ({
  passedNotAccepted: named(seen.filter(({ passed, accepted }) => passed && !accepted)),
  acceptedNotPassed: named(seen.filter(({ passed, accepted }) => !passed && accepted)),
});

const armsOf = (seen: readonly Seen[]) => [...new Set(seen.map(({ arm }) => arm))].sort();

const named = (of: readonly Seen[]) =>
  of.map(({ number, arm, text, reasons }) => ({
    ...{ number, arm, text },
    ...(reasons.length > 0 ? { reasons } : {}),
  }));
