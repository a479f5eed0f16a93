import { beginsAfter, daysApart, endsBefore, isWithdrawn, type Span, touches } from './moments.ts';
import type { RuleName } from './rules.ts';
import type { Grant, Ledger, Use } from './schema.ts';

/** What is asked, with the moment read. */
export interface Ask {
  use: Use;
  territory: string;
  asOf: string;
  at: Span;
}

export interface Miss {
  rule: RuleName;
  message: string;
}

/**
 * Every dimension in which a grant does not reach what is asked, each with by how much; none: it covers it.
 */
export function missesOf(grant: Grant, ledger: Ledger, ask: Ask): Miss[] {
  const grantor = ledger.parties.find(({ id }) => id === grant.grantor);
  const withdrawn = [grant, ...(grantor ? [grantor] : [])].filter((row) => isWithdrawn(row, ask.at));
  return [
    ...withdrawn.map((row) => ({
      rule: 'withdrawn' as const,
      message: `${row.id} was withdrawn on ${row.withdrawn}`,
    })),
    ...scopeMisses(grant, ask),
  ];
}

interface Scope {
  uses: readonly Use[] | 'all';
  territories: readonly string[];
  from?: string | undefined;
  until?: string | undefined;
}

/** Use, territory and window of a row against what is asked. */
export function scopeMisses(row: Scope, ask: Ask): Miss[] {
  const { from, until } = row;
  const misses: Miss[] = [];
  if (row.uses !== 'all' && !row.uses.includes(ask.use)) {
    misses.push({
      rule: 'use_not_granted',
      message: `permits ${row.uses.toSorted().join(', ')}, not ${ask.use}`,
    });
  }
  if (!row.territories.includes('world') && !row.territories.includes(ask.territory)) {
    const permitted = row.territories.toSorted().join(', ');
    misses.push({ rule: 'territory', message: `permits ${permitted}, not ${ask.territory}` });
  }
  if (from !== undefined && beginsAfter(row, ask.at)) {
    misses.push({
      rule: 'not_begun',
      message: `begins ${from}, ${daysApart(from, ask.asOf)} after ${ask.asOf}`,
    });
  }
  if (until !== undefined && endsBefore(row, ask.at)) {
    misses.push({
      rule: 'expired',
      message: `ended ${until}, ${daysApart(until, ask.asOf)} before ${ask.asOf}`,
    });
  }
  return misses;
}

/** What forbids applies as soon as it touches what is asked: the whole world includes each of its parts. */
export const reaches = (row: Scope, ask: Ask): boolean =>
  (row.uses === 'all' || row.uses.includes(ask.use)) &&
  (ask.territory === 'world' ||
    row.territories.includes('world') ||
    row.territories.includes(ask.territory)) &&
  touches(row, ask.at);
