import { BacklotError } from '../contract/index.ts';

/** A rate or a ratio as a fraction in lowest terms; both parts are whole and `den` is positive. */
export interface Rate {
  num: number;
  den: number;
}

/** Reads `24000/1001`, `24` or a ratio with a colon (`4:3`). Null where it is no positive fraction (`0/0`, `N/A`). */
export function tryParseRate(text: string | undefined): Rate | null {
  const match = /^(\d+)(?:[/:](\d+))?$/.exec(text ?? '');
  if (!match) return null;
  const [num, den] = [Number(match[1]), Number(match[2] ?? 1)];
  return num > 0 && den > 0 ? reduced(num, den) : null;
}

/**
 * Reads a rational rate.
 * @throws BacklotError `bad-rate` where the text is no positive fraction
 */
export function parseRate(text: string): Rate {
  const rate = tryParseRate(text);
  if (rate) return rate;
  throw new BacklotError('bad-rate', {
    expected: 'a positive rational rate such as 24000/1001',
    where: 'rate',
    found: JSON.stringify(text),
    remedy: 'Write frames a second as a fraction of two whole numbers.',
  });
}

/** The glossary's form: `24000/1001`, and `24/1` for whole rates. */
export const formatRate = (rate: Rate): string => `${rate.num}/${rate.den}`;

/** Frames a second as a number. */
export const rateNumber = (rate: Rate): number => rate.num / rate.den;

/** The fraction in lowest terms. */
export function reduced(num: number, den: number): Rate {
  const divisor = greatestCommonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
