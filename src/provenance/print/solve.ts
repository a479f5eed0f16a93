/** Keeps equations solvable where a picture says nothing about one of the unknowns. */
const RIDGE = 1e-4;

/**
 * Solves symmetric positive equations by elimination.
 * @param rows n rows of n + 1, the last column the right-hand side; changed on the way
 * @returns the n unknowns; one that nothing was said about is 0
 */
export function solved(rows: readonly Float64Array[]): number[] {
  rows.forEach((row, i) => {
    row[i] = (row[i] as number) * (1 + RIDGE) + Number.EPSILON;
  });
  rows.forEach((pivot, i) => {
    for (const row of rows) if (row !== pivot) eliminate(row, pivot, i);
  });
  return rows.map((row, i) => (row[rows.length] as number) / (row[i] as number));
}

function eliminate(row: Float64Array, pivot: Float64Array, from: number): void {
  const factor = (row[from] as number) / (pivot[from] as number);
  for (let k = from; k < row.length; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
}
