const dayMs = 86_400_000;

/**
 * Milliseconds since 1970, both ends included. A day is the whole of it (UTC); an instant starts where it
 * ends.
 */
export interface Span {
  start: number;
  end: number;
}

/** @param moment `2026-05-01`, or an instant with its zone: what `momentSchema` accepts */
export function spanOf(moment: string): Span {
  const start = Date.parse(moment);
  return { start, end: moment.includes('T') ? start : start + dayMs - 1 };
}

export const always: Span = { start: -Infinity, end: Infinity };

interface Window {
  from?: string | undefined;
  until?: string | undefined;
}

export const beginsAfter = (window: Window, at: Span): boolean =>
  window.from !== undefined && spanOf(window.from).start > at.start;

export const endsBefore = (window: Window, at: Span): boolean =>
  window.until !== undefined && spanOf(window.until).end < at.end;

/** Whether the window and the moment share an instant: what forbids applies as soon as it touches. */
export const touches = (window: Window, at: Span): boolean =>
  (window.from === undefined || spanOf(window.from).start <= at.end) &&
  (window.until === undefined || spanOf(window.until).end >= at.start);

/** Whether a withdrawal has begun by the end of the moment. */
export const isWithdrawn = (row: { withdrawn?: string | undefined }, at: Span): boolean =>
  row.withdrawn !== undefined && spanOf(row.withdrawn).start <= at.end;

const dayOf = (moment: string): number => Math.floor(spanOf(moment).start / dayMs);

/** Days between two moments, as the calendar counts them (UTC): from yesterday's evening to this morning is one. */
export const daysBetween = (a: string, b: string): number => Math.abs(dayOf(a) - dayOf(b));

/** @param days 0: both lie on one day */
export function inDays(days: number): string {
  if (days === 0) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}
