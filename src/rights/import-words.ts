import type { Imported } from './record-schema.ts';

export function importWords({
  ledger,
  source,
  unchanged,
  rows,
  changes,
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
    ...warnings.map((warning) => `! ${warning}`),
    notice,
  ].join('\n');
}
