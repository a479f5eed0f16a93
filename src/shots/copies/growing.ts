type Numbers = Uint8Array | Int8Array | Uint32Array;

/** A row of numbers of one kind that grows as they come; `all` is valid until the next are pushed. */
export function growing<T extends Numbers>(Kind: new (length: number) => T) {
  let [held, count] = [new Kind(1024), 0];
  return {
    /** @returns how many there are now */
    push: (more: ArrayLike<number>): number => {
      if (count + more.length > held.length) {
        const larger = new Kind(2 * (count + more.length));
        larger.set(held.subarray(0, count));
        held = larger;
      }
      held.set(more, count);
      count += more.length;
      return count;
    },
    length: () => count,
    all: (): T => held.subarray(0, count) as T,
  };
}
