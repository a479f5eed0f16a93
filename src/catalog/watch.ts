import { Refusal } from './refusal.ts';

export interface Watch {
  /** Aborted when the person cancels or the work hangs. */
  signal: AbortSignal;
  /** Says that the work goes on. */
  alive: () => void;
}

/**
 * Runs work that must say that it is alive at least every `stallSeconds`.
 * @throws Refusal `decode-hangs` where it does not; the person's cancellation
 */
export async function watched<T>(
  options: { signal: AbortSignal; stallSeconds: number },
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  const stalled = new AbortController();
  const reason = `it makes no progress for ${options.stallSeconds} s: check the disk it lies on, or export it again`;
  const giveUp = () => stalled.abort(new Refusal('decode-hangs', reason));
  const timer = setTimeout(giveUp, options.stallSeconds * 1000);
  try {
    return await work({
      signal: AbortSignal.any([options.signal, stalled.signal]),
      alive: () => void timer.refresh(),
    });
  } finally {
    clearTimeout(timer);
  }
}
