import { z } from 'zod';

/** Amounts of money as whole numbers of a currency's minor units. */
export interface Money {
  units: bigint;
  currency: string;
}

const form = /^(\d{1,15})(?:\.(\d{1,4}))? ([A-Z]{3})$/;
const known = new Set(Intl.supportedValuesOf('currency'));

/** Decimals of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount such as "1200.50 EUR", with no more decimals than its currency has: nothing is rounded. */
export const amountSchema = z.string().refine((text) => tryMoney(text) !== null, {
  error: 'an amount such as "1200.50 EUR", with no more decimals than its currency has',
});

/** @param text what `amountSchema` accepts */
export function moneyOf(text: string): Money {
  const money = tryMoney(text);
  if (money) return money;
  throw new RangeError(`not an amount: ${text}`);
}

function tryMoney(text: string): Money | null {
  const [, units = '', cents = '', currency = ''] = form.exec(text) ?? [];
  if (!known.has(currency)) return null;
  const decimals = decimalsOf(currency);
  if (cents.length > decimals) return null;
  return { units: BigInt(units + cents.padEnd(decimals, '0')), currency };
}

export function moneyText({ units, currency }: Money): string {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return `${units} ${currency}`;
  const digits = `${units}`.padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}
