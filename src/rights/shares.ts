/** A share as an exact fraction: thirds of a film add up to the whole. */
export interface Fraction {
  num: bigint;
  den: bigint;
}

/** @param share `1/3`, `50%` or `33.5 %`: what `shareSchema` accepts */
export function parseShare(share: string): Fraction {
  const slash = share.indexOf('/');
  if (slash >= 0) return { num: BigInt(share.slice(0, slash)), den: BigInt(share.slice(slash + 1)) };
  const [whole = '0', decimals = ''] = share.replace('%', '').trim().split('.');
  return { num: BigInt(whole + decimals), den: 100n * 10n ** BigInt(decimals.length) };
}

export const addShares = (a: Fraction, b: Fraction): Fraction => ({
  num: a.num * b.den + b.num * a.den,
  den: a.den * b.den,
});

export const negated = ({ num, den }: Fraction): Fraction => ({ num: -num, den });

export const sumShares = (shares: readonly string[]): Fraction =>
  shares.map(parseShare).reduce(addShares, { num: 0n, den: 1n });

export const exceedsWhole = (sum: Fraction): boolean => sum.num > sum.den;
export const isWhole = (sum: Fraction): boolean => sum.num === sum.den;

/** The fraction in lowest terms as a ledger writes it; the whole as `100%`. */
export function shareText({ num, den }: Fraction): string {
  const common = divisorOf(num, den);
  return num === den ? '100%' : `${num / common}/${den / common}`;
}

/** The greatest that divides both. */
export const divisorOf = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisorOf(b, a % b));

/** The fraction in percent, to four decimals, for people. */
export function percentOf({ num, den }: Fraction): string {
  return `${Number((num * 1_000_000n) / den) / 10_000} %`;
}
