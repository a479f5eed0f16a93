import type { LineCounter, parseDocument } from 'yaml';

/** Both count from 1. */
export type Position = ReturnType<LineCounter['linePos']>;

/** Of a file. */
export const BEGINNING: Position = { line: 1, col: 1 };

/** Where the value at the path begins, or the nearest thing above it that exists. */
export function posOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly (string | number)[],
): Position {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]);
  }
  return BEGINNING;
}
