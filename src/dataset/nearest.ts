/** The rows nearest to one, the nearest first. */
export interface Near {
  row: number;
  /** Root of the mean squared difference of the values. */
  distance: number;
}

/**
 * The rows of a table of signed bytes that lie nearest to a vector; every row is looked at, of equally far ones the
 * lowest comes first, in whatever order they are given.
 * @param table rows of `vector.length` bytes, a multiple of four, one after the other
 * @param rows which of them, none that is not there; null: all
 * @param most how many at most
 */
export function nearestRows(
  table: Int8Array,
  vector: Int8Array,
  rows: ArrayLike<number> | null,
  most: number,
): Near[] {
  const size = vector.length;
  const wanted = Int32Array.from(vector);
  const found: Sum[] = [];
  const count = rows?.length ?? Math.floor(table.length / size);
  let limit = Number.POSITIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    const row = rows ? (rows[k] as number) : k;
    const sum = sumTo(table, row * size, wanted, limit);
    if (sum < limit) limit = kept(found, { row, sum }, most);
  }
  return found.map(({ row, sum }) => ({ row, distance: Math.sqrt(sum / size) }));
}

interface Sum {
  row: number;
  sum: number;
}

/** Sum of squared differences, or something not below the limit: most rows are too far after four or eight values. */
function sumTo(table: Int8Array, start: number, wanted: Int32Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < wanted.length && sum < limit; i += 4) {
    const at = start + i;
    // Four at a time: with a loop over each value a million rows take twice as long.
    const a = (table[at] as number) - (wanted[i] as number);
    const b = (table[at + 1] as number) - (wanted[i + 1] as number);
    const c = (table[at + 2] as number) - (wanted[i + 2] as number);
    const d = (table[at + 3] as number) - (wanted[i + 3] as number);
    sum += a * a + b * b + c * c + d * d;
  }
  return sum;
}

/** Puts a row in its place, unless all that are kept come before it. @returns the sum that the next must be below */
function kept(found: Sum[], one: Sum, most: number): number {
  const last = found[most - 1];
  if (last && comesBefore(last, one)) return last.sum + 1;
  let [low, high] = [0, found.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesBefore(found[middle] as Sum, one)) low = middle + 1;
    else high = middle;
  }
  found.splice(low, 0, one);
  if (found.length > most) found.pop();
  // As far as the last one is not too far: the row decides.
  return found.length === most ? (found[most - 1] as Sum).sum + 1 : Number.POSITIVE_INFINITY;
}

const comesBefore = (a: Sum, b: Sum): boolean => a.sum < b.sum || (a.sum === b.sum && a.row < b.row);
