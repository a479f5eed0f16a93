import { createHash } from 'node:crypto';
import type { Decision } from './schema.ts';

type Decided = Pick<Decision, 'outcome' | 'reasons' | 'grants' | 'obligations' | 'assumptions'>;

/** What counts of a decision: outcome, rules with rows, grants, duties and what is assumed, each in order. Words do not count. */
export function decisionText({ outcome, reasons, grants, obligations, assumptions }: Decided): string {
  const named = [...new Set(reasons.map(({ rule, row }) => `${rule} ${row}`))];
  const assumed = new Set(assumptions.map(({ assumption }) => assumption));
  return [outcome, named.join(';'), grants.join(','), obligations.join(','), ...assumed].join('|');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * One hash over every shot with its decision, whatever order they come in: shots of one decision in order,
 * decisions in order. The same as `digestQuery` computes.
 */
export function decisionDigest(decisions: readonly (Decided & { shotId: string })[]): string {
  const groups = Map.groupBy(decisions, decisionText);
  const lines = [...groups].map(([text, group]) =>
    sha256(
      `${text}\n${group
        .map(({ shotId }) => shotId)
        .sort()
        .join(',')}`,
    ),
  );
  return sha256(lines.sort().join('\n'));
}
