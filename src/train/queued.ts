/** Had as defaults until 2026-11-27, and queued as if they were said where a training was asked for over HTTP. */
const WRITTEN_IN: Readonly<Record<string, unknown>> = { seconds: 150, rank: 32, prior: 0.25 };

/** A training as it was asked for, of what an earlier version queued: what is said and not looked at is refused now. Nothing changes by it, as these are what they were. */
export const asGiven = (queued: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(queued).filter(([name, value]) => WRITTEN_IN[name] !== value));
