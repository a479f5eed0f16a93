import { setFlagsFromString } from 'node:v8';

/**
 * Percent by which memory may grow from one full collection to the next. V8 gives a heap of this size 30, some 9 MB, and counts what
 * lies outside it, of which a pass takes that much every second or two: small frames and stills that are held. Each collection went
 * through all that the command has loaded, and shrank the space for what is new, which was then cleared thirty times as often.
 */
const roomyPercent = 150;

/** V8's own rule. */
const own = 0;

let working = 0;

/** Work that takes much memory outside the heap and leaves little in it: it is cleared less often meanwhile. */
export async function withRoomyHeap<T>(work: () => Promise<T>): Promise<T> {
  if (working++ === 0) growBy(roomyPercent);
  try {
    return await work();
  } finally {
    if (--working === 0) growBy(own);
  }
}

const growBy = (percent: number): void => setFlagsFromString(`--heap-growing-percent=${percent}`);
