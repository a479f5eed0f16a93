import type { CoverageOutput, FoundShot, SearchOutput } from './schema.ts';

/** A page of shots, for the terminal. */
export function searchInWords({ found, minutes, shots, ...standing }: SearchOutput): string {
  const head = `${found} of ${standing.indexed} shots, ${minutes} minutes; ${shots.length} shown`;
  return [...shots.map(shotInWords), head, ...standingInWords(standing)].join('\n');
}

function shotInWords({ id, title, inTimecode, seconds, caption, source, distance }: FoundShot): string {
  const away = distance === undefined ? '' : `  ${distance.toFixed(1)} away`;
  return `${id}  ${title}  ${inTimecode}  ${seconds.toFixed(1)} s${away}  ${caption} (${source})`;
}

function standingInWords({
  decided,
  notices,
  moreNotices,
}: Omit<SearchOutput, 'found' | 'minutes' | 'shots'>) {
  const by = decided
    ? [`outcomes: ${decided.use} in ${decided.territory} as of ${decided.asOf}, ledger ${decided.ledger}`]
    : [];
  const more = moreNotices > 0 ? [`and ${moreNotices} more notices`] : [];
  return [...by, ...notices.map((message) => `notice: ${message}`), ...more];
}

/** The table of counts, an empty cell as a dash: `12 (0.8)` is twelve shots, .8 minutes in all. */
export function coverageInWords(output: CoverageOutput): string {
  const { found, minutes, rows, columns, cells, empty } = output;
  const head = [`${rows.field} \\ ${columns.field}`, ...columns.values.map(named)];
  const body = cells.map((own, i) => [named(rows.values[i] ?? null), ...own.map(cellInWords)]);
  const left = [
    ...(rows.left > 0 ? [`${rows.left} more rows`] : []),
    ...(columns.left > 0 ? [`${columns.left} more columns`] : []),
  ];
  return [
    ...aligned([head, ...body]),
    `${found} of ${output.indexed} shots, ${minutes} minutes; shots (minutes) in each cell, ${empty} cells empty`,
    ...(left.length > 0 ? [`not shown: ${left.join(', ')}`] : []),
    ...standingInWords(output),
  ].join('\n');
}

const named = (value: string | null): string => value ?? '(not said)';

const cellInWords = ({ shots, minutes }: CoverageOutput['cells'][number][number]): string =>
  shots === 0 ? '-' : `${shots} (${minutes})`;

function aligned(table: readonly string[][]): string[] {
  const widths = (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
