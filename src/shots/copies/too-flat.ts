import type { Db } from '../../db/index.ts';
import { isComparable } from './hash.ts';
import { gridCells, leastOverlap } from './prints.ts';
import { printsOfShots } from './store.ts';

/** Those of some shots that are long enough to be compared, but show too little: nearly black, or of nearly one colour. */
export async function tooFlatToCompare(db: Db, shots: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { shot, grids } of printsOfShots(db, shots)) {
    const isLongEnough = grids.length >= leastOverlap * gridCells;
    if (isLongEnough && !isComparable(grids)) found.add(shot);
  }
  return found;
}
