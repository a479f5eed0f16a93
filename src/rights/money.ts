import { z } from 'zod';

/** Amounts of money as whole numbers of a currency's minor units. */
export interface Money {
  units: bigint;
  currency: string;
}

const form = /^(\d{1,15})(?:\.(\d{1,4}))? ([A-Z]{3})$/;

/**
 * Currencies whose minor unit is not a hundredth (ISO 4217, list one). `Intl` has another table, of what is paid in
 * cash: no decimals for HUF or IQD, where ISO has two and three. It knows no units of account such as CLF and UYW.
 */
const minorUnits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const decimalsOf = new Map([
  ...Intl.supportedValuesOf('currency').map((code) => [code, 2] as const),
  ...Object.entries(minorUnits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
]);

/** What was expected in place of an amount that is none; undefined where nothing is wrong with it. */
export function amountFault(text: string): string | undefined {
  const [, , cents = '', currency = ''] = form.exec(text) ?? [];
  if (currency === '') return 'an amount and its currency, such as "1200.50 EUR"';
  const digits = decimalsOf.get(currency);
  if (digits === undefined) return 'an amount in a currency of ISO 4217, such as "1200.50 EUR"';
  if (cents.length <= digits) return undefined;
  const most = ['no decimals', '', 'at most two decimals', 'at most three decimals', 'at most four decimals'];
  return `an amount of ${currency}, which has ${most[digits]}`;
}

/** An amount such as "1200.50 EUR", with no more decimals than its currency has: nothing is rounded. */
export const amountSchema = z.string().refine((text) => amountFault(text) === undefined, {
  error: 'an amount such as "1200.50 EUR", with no more decimals than its currency has',
});

/** @param text what `amountSchema` accepts */
export function moneyOf(text: string): Money {
  if (amountFault(text) !== undefined) throw new RangeError(`not an amount: ${text}`);
  const [, units = '', cents = '', currency = ''] = form.exec(text) ?? [];
  return { units: BigInt(units + cents.padEnd(digitsOf(currency), '0')), currency };
}

const digitsOf = (currency: string): number => decimalsOf.get(currency) ?? 2;

export function moneyText({ units, currency }: Money): string {
  const decimals = digitsOf(currency);
  if (decimals === 0) return `${units} ${currency}`;
  const digits = `${units}`.padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}
