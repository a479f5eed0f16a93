import { shown } from './raw.ts';
import type { FieldChange } from './record-schema.ts';

/** What a row says otherwise than the one before it, in a line. */
export const fieldWords = (fields: readonly FieldChange[]): string =>
  fields.map(({ field, before, after }) => `${field}: ${valueWords(before, after)}`).join('; ');

/** Of long lists what differs; cut to their beginnings they would look the same. */
function valueWords(before: unknown, after: unknown): string {
  if (after === null) return `${shown(before)} -> nothing (erased)`;
  if (before === null) return `nothing -> ${shown(after)}`;
  const isLong = [before, after].some((value) => JSON.stringify(value).length > 80);
  if (!isLong || !Array.isArray(before) || !Array.isArray(after))
    return `${shown(before)} -> ${shown(after)}`;
  const less = (of: unknown[], others: unknown[]) => {
    const known = new Set(others.map((one) => JSON.stringify(one)));
    return shown(of.filter((one) => !known.has(JSON.stringify(one))));
  };
  return `without ${less(before, after)}, with ${less(after, before)}`;
}
