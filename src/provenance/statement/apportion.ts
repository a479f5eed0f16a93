import { divisorOf, type Fraction } from '../../rights/index.ts';

/**
 * Divides an amount by weights so that the parts add up to it exactly: each gets the whole units of its quota, and the units
 * that are left go to the largest remainders (Hamilton's rule), of equal ones to the name that comes first.
 * @param amount in minor units, at least 0
 * @param weights at least 0 each
 * @param last the name that comes after all others; null: none does
 * @returns minor units by name; null where no weight is above 0, so that nobody can be given anything
 */
export function apportion(
  amount: bigint,
  weights: ReadonlyMap<string, Fraction>,
  last: string | null = null,
): Map<string, bigint> | null {
  const parts = inWholeNumbers(weights);
  const sum = parts.reduce((total, { weight }) => total + weight, 0n);
  if (sum === 0n) return null;
  const quotas = parts.map(({ name, weight }) => ({
    ...{ name, units: (amount * weight) / sum, remainder: (amount * weight) % sum },
  }));
  const left = amount - quotas.reduce((total, { units }) => total + units, 0n);
  const favoured = new Set(quotas.toSorted(byRemainder(last)).slice(0, Number(left)));
  return new Map(quotas.map((quota) => [quota.name, quota.units + (favoured.has(quota) ? 1n : 0n)]));
}

interface Quota {
  name: string;
  remainder: bigint;
}

const byRemainder =
  (last: string | null) =>
  (a: Quota, b: Quota): number => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
    const isLast = a.name === last;
    return isLast || (b.name !== last && b.name < a.name) ? 1 : -1;
  };

/** The weights over one denominator: only their proportion counts. */
function inWholeNumbers(weights: ReadonlyMap<string, Fraction>): { name: string; weight: bigint }[] {
  const common = [...weights.values()].reduce((all, { den }) => (all * den) / divisorOf(all, den), 1n);
  return [...weights].map(([name, { num, den }]) => ({ name, weight: (num * common) / den }));
}
