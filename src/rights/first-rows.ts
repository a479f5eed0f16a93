/** Rows that are named in words. */
const TOLD = 10;

/** The first of some rows by name, and how many more there are. */
export const firstRows = (rows: readonly string[]): string =>
  `${rows.slice(0, TOLD).join(', ')}${rows.length > TOLD ? ` and ${rows.length - TOLD} more` : ''}`;
