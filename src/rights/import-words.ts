import { fieldWords } from './change-words.ts';
import type { Imported, WrittenLedger } from './record-schema.ts';

/** Changed rows that are told in words. */
const TOLD = 10;

export function importWords({
  ledger,
  source,
  unchanged,
  rows,
  changes,
  changedRows,
  leftOut,
  warnings,
  notice,
}: Imported): string {
  const { added, changed, removed } = changes;
  return [
    `${ledger}: ${source} ${unchanged ? 'is in force already' : 'is in force'}: ${countWords(rows)}`,
    ...(unchanged ? [] : [`${added} rows new, ${changed} changed, ${removed} no longer in force`]),
    ...changedRows.slice(0, TOLD).map(({ row, fields }) => `  ${row}: ${fieldWords(fields)}`),
    ...(changed > TOLD ? [`  and ${changed - TOLD} more: --json names them`] : []),
    ...leftOutWords(leftOut),
    ...warnings.map((warning) => `! ${warning}`),
    notice,
  ].join('\n');
}

const countWords = (rows: Imported['rows']): string =>
  Object.entries(rows)
    .filter(([, count]) => count > 0)
    .map(([section, count]) => `${count} ${section}`)
    .join(', ') || 'no rows';

export const writtenLedgerWords = ({ ledger, path, rows, problems, notice }: WrittenLedger): string =>
  [
    `${path} holds ${ledger}, which is in force: ${countWords(rows)}`,
    ...problems.slice(0, TOLD).map((problem) => `! an import would refuse it: ${problem}`),
    ...(problems.length > TOLD ? [`! and ${problems.length - TOLD} more: --json names them`] : []),
    notice,
  ].join('\n');

/** Rows that are not in force, and why. */
function leftOutWords({ count, rows }: Imported['leftOut']): string[] {
  if (count === 0) return [];
  const by = (one: (typeof rows)[number]) =>
    `  ${one.row}: ${one.by}${one.inForce ? ', in force,' : ''} says that it replaces it`;
  return [
    `${count} ${count === 1 ? 'row is' : 'rows are'} left out, as others replace ${count === 1 ? 'it' : 'them'}`,
    ...rows.slice(0, TOLD).map(by),
    ...(count > TOLD ? [`  and ${count - TOLD} more: --json names them`] : []),
  ];
}
