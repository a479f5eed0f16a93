/** The rows nearest to one, the nearest first. */
export interface Near {
  row: number;
  /** Root of the mean squared difference of the values. */
  distance: number;
}

/** Values after which a row that is too far already is left: most are. */
const glance = 16;

/**
 * The rows of a table of signed bytes that lie nearest to a vector; every row is looked at.
 * @param table rows of `vector.length` bytes, one after the other
 * @param rows which of them; none that is not there
 * @param most how many at most
 */
export function nearestRows(
  table: Int8Array,
  vector: Int8Array,
  rows: Iterable<number>,
  most: number,
): Near[] {
  const size = vector.length;
  const found: { row: number; sum: number }[] = [];
  let limit = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const sum = distanceTo(table, row * size, vector, limit);
    if (sum >= limit) continue;
    insertSorted(found, { row, sum });
    if (found.length > most) found.pop();
    if (found.length === most) limit = found[most - 1]?.sum ?? limit;
  }
  return found.map(({ row, sum }) => ({ row, distance: Math.sqrt(sum / size) }));
}

/** Sum of squared differences, or something over the limit where it is over that. */
function distanceTo(table: Int8Array, start: number, vector: Int8Array, limit: number): number {
  let sum = 0;
  for (let from = 0; from < vector.length && sum < limit; from += glance) {
    const to = Math.min(vector.length, from + glance);
    for (let i = from; i < to; i++) {
      const difference = (table[start + i] as number) - (vector[i] as number);
      sum += difference * difference;
    }
  }
  return sum;
}

/** Of two that are equally far, the one that came first stays first. */
function insertSorted(found: { row: number; sum: number }[], one: { row: number; sum: number }): void {
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle]?.sum ?? 0) <= one.sum) low = middle + 1;
    else high = middle;
  }
  found.splice(low, 0, one);
}
