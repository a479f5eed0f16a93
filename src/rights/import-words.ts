import { fieldWords } from './change-words.ts';
import type { Imported } from './record-schema.ts';

/** Changed rows that are told in words. */
const TOLD = 10;

export function importWords({
  ledger,
  source,
  unchanged,
  rows,
  changes,
  changedRows,
  warnings,
  notice,
}: Imported): string {
  const counts = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([section, count]) => `${count} ${section}`);
  const { added, changed, removed } = changes;
  return [
    `${ledger}: ${source} ${unchanged ? 'is in force already' : 'is in force'}: ${counts.join(', ') || 'no rows'}`,
    ...(unchanged ? [] : [`${added} rows new, ${changed} changed, ${removed} no longer in force`]),
    ...changedRows.slice(0, TOLD).map(({ row, fields }) => `  ${row}: ${fieldWords(fields)}`),
    ...(changed > TOLD ? [`  and ${changed - TOLD} more: --json names them`] : []),
    ...warnings.map((warning) => `! ${warning}`),
    notice,
  ].join('\n');
}
