/** Which frames of a film are wanted: a stretch `[from, to)`, or single ones in rising order. */
export interface Wanted {
  from?: number | undefined;
  to?: number | undefined;
  only?: readonly number[] | undefined;
}

/** Single frames that one pass can pick: more would pass Linux's 128 KiB for one argument. */
const onePass = 3000;

/** What is wanted, in parts that one pass over the film can give each. */
export function passesOf<T extends Wanted>(wanted: T): T[] {
  const { only } = wanted;
  if (!only || only.length <= onePass) return [wanted];
  return [{ ...wanted, only: only.slice(0, onePass) }, ...passesOf({ ...wanted, only: only.slice(onePass) })];
}

/** How many frames are wanted; null: all that come. */
export const countOf = ({ from = 0, to, only }: Wanted): number | null =>
  only ? only.length : to === undefined ? null : Math.max(0, to - from);

/** The index in the film of the n-th frame that is let through. */
export const indexOf = ({ from = 0, only }: Wanted, n: number): number => only?.[n] ?? from + n;

/** ffmpeg's filter that lets only the wanted frames through. */
export function selectFilter({ from = 0, only }: Wanted): string[] {
  if (only) return [`select='${anyOf(only)}'`];
  return from > 0 ? [`select='gte(n,${from})'`] : [];
}

/** A search tree, because ffmpeg refuses expressions that nest deeper than 100, which a long sum does. */
function anyOf(indexes: readonly number[]): string {
  if (indexes.length <= 1) return `eq(n,${indexes[0] ?? -1})`;
  const half = indexes.length >> 1;
  return `if(lt(n,${indexes[half]}),${anyOf(indexes.slice(0, half))},${anyOf(indexes.slice(half))})`;
}
