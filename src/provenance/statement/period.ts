import { BacklotError } from '../../contract/index.ts';

const dayMs = 86_400_000;

export interface Period {
  from: string;
  /** The first instant after it. */
  until: string;
}

/**
 * The period of a statement. It lies in the past, so that nothing can be added to it later.
 * @param until last day (the whole of it, UTC) or instant; none: now
 * @throws BacklotError `bad-input`
 */
export function periodOf(from: string, until: string | undefined, now: Date): Period {
  const period = {
    from: new Date(from).toISOString(),
    until: until === undefined ? now.toISOString() : new Date(endOf(until)).toISOString(),
  };
  if (period.until > now.toISOString()) throw odd('a period that is over', `one that ends ${period.until}`);
  if (period.from < period.until) return period;
  throw odd('an end after the beginning', `${period.from} to ${period.until}`);
}

const endOf = (moment: string): number => Date.parse(moment) + (moment.includes('T') ? 0 : dayMs);

const odd = (expected: string, found: string): BacklotError =>
  new BacklotError('bad-input', {
    expected,
    where: 'provenance statement',
    found,
    remedy: 'Correct --from and --until; without --until the period ends now.',
  });
