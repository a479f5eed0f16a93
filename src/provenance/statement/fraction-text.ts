import type { Fraction } from '../../rights/index.ts';

/** How fractions stand in statements; what shows them needs no ledger. */

/** `num/den` in lowest terms, or the whole number. */
export const textOf = ({ num, den }: Fraction): string => (den === 1n ? `${num}` : `${num}/${den}`);

/** @param text what `textOf` wrote */
export function fractionOf(text: string): Fraction {
  const [num = '0', den = '1'] = text.split('/');
  return { num: BigInt(num), den: BigInt(den) };
}
