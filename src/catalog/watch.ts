import { readFile } from 'node:fs/promises';
import { Refusal } from './refusal.ts';

export interface Watch {
  /** Aborted when the person cancels or the work hangs. */
  signal: AbortSignal;
  /** Says that the work goes on. */
  alive: () => void;
}

/** Per cent of a minute in which somebody waited for a processor, from which on a decoder's silence may be that it gets none. */
const crowdedFrom = 90;
/** Times that a silent decoder is waited for once more on such a machine. */
const patience = 4;

/**
 * Runs work that must say that it is alive at least every `stallSeconds`, and somewhat longer where the machine is crowded.
 * @param pressure what the system says of processors being waited for
 * @throws Refusal `decode-hangs` where it does not; the person's cancellation
 */
export async function watched<T>(
  options: { signal: AbortSignal; stallSeconds: number },
  work: (watch: Watch) => Promise<T>,
  pressure: () => Promise<string> = processorPressure,
): Promise<T> {
  const stalled = new AbortController();
  const reason = `it makes no progress for ${options.stallSeconds} s: check the disk it lies on, or export it again`;
  let waits = 0;
  const giveUp = async () => {
    const isCrowded = waits++ < patience && crowded(await pressure());
    if (isCrowded) timer.refresh();
    else stalled.abort(new Refusal('decode-hangs', reason));
  };
  const timer = setTimeout(() => void giveUp(), options.stallSeconds * 1000);
  try {
    return await work({
      signal: AbortSignal.any([options.signal, stalled.signal]),
      alive: () => {
        waits = 0;
        timer.refresh();
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

const crowded = (said: string): boolean =>
  Number(/some .*avg60=([\d.]+)/.exec(said)?.[1] ?? 0) >= crowdedFrom;

/** Pressure stall information of Linux; nothing where the system keeps none. */
const processorPressure = (): Promise<string> => readFile('/proc/pressure/cpu', 'utf8').catch(() => '');
