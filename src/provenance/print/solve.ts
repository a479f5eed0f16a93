import { Matrix, solve } from 'ml-matrix';

/** Keeps equations solvable where a picture says nothing about one of the unknowns. */
const RIDGE = 1e-4;

/**
 * Solves symmetric positive equations.
 * @param rows n rows of n + 1, the last column the right-hand side
 * @returns the n unknowns; one that nothing was said about is 0
 */
export function solved(rows: readonly Float64Array[]): number[] {
  const left = Matrix.from1DArray(
    rows.length,
    rows.length,
    rows.flatMap((row) => [...row.subarray(0, -1)]),
  );
  for (let i = 0; i < rows.length; i++) left.set(i, i, left.get(i, i) * (1 + RIDGE) + Number.EPSILON);
  return solve(left, Matrix.columnVector(rows.map((row) => row.at(-1) as number))).to1DArray();
}
