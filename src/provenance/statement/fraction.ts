import { divisorOf, type Fraction } from '../../rights/index.ts';
import { fractionOf } from './fraction-text.ts';

/** Exact sums and products: nothing of a statement is a floating-point number. */

export const zero: Fraction = { num: 0n, den: 1n };

export const whole = (num: bigint | number): Fraction => ({ num: BigInt(num), den: 1n });

export const plus = (a: Fraction, b: Fraction): Fraction =>
  lowest({ num: a.num * b.den + b.num * a.den, den: a.den * b.den });

export const times = (a: Fraction, b: Fraction): Fraction =>
  lowest({ num: a.num * b.num, den: a.den * b.den });

export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { num: -b.num, den: b.den });

export const sumOf = (fractions: Iterable<Fraction>): Fraction => [...fractions].reduce(plus, zero);

export function lowest({ num, den }: Fraction): Fraction {
  const common = divisorOf(num < 0n ? -num : num, den);
  return { num: num / common, den: den / common };
}

/** @param fps rational, frames a second: `24000/1001` */
export function secondsOf(frames: number, fps: string): Fraction {
  const { num, den } = fractionOf(fps);
  return lowest({ num: BigInt(frames) * den, den: num });
}
