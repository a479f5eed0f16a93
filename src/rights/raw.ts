import { momentSchema } from './field-schema.ts';
import { spanOf } from './moments.ts';

export type Row = Record<string, unknown>;

export const sections = [
  'parties',
  'titles',
  'agreements',
  'grants',
  'restrictions',
  'consents',
  'appearances',
  'casts',
  'materials',
  'inventories',
  'obligations',
  'approvals',
  'policies',
] as const;
export type Section = (typeof sections)[number];

/** Rows beside a document, by `<section>/<id>`: what it may replace without holding it. Of some nothing but the id is known. */
export type RecordedRows = ReadonlyMap<string, Row>;

/** One thing wrong in a ledger file. `path` leads to the value from the top of the document. */
export interface Problem {
  path: readonly (string | number)[];
  expected: string;
  found: string;
  remedy: string;
}

export const problem = (path: Problem['path'], expected: string, found: string, remedy: string): Problem => ({
  path,
  expected,
  found,
  remedy,
});

/** A document of any shape is read here: what is not a row is an empty one, and the schema says so. */
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const rowsOf = (raw: unknown, section: Section): Row[] =>
  listOf(isRow(raw) ? raw[section] : null).map((row) => (isRow(row) ? row : {}));

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `value` as an error shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

export const isMoment = (value: unknown): value is string => momentSchema.safeParse(value).success;

/** Whether what is permitted, or promised to one alone, has ended or is withdrawn. @param now milliseconds since 1970: a withdrawal of a day to come has not begun */
export const isOver = (
  { until, withdrawn }: { until?: unknown; withdrawn?: unknown },
  now: number,
): boolean =>
  (isMoment(until) && spanOf(until).end < now) || (isMoment(withdrawn) && spanOf(withdrawn).start <= now);

/** Whether a window ends before it begins; what is no moment is told by the schema. */
export const isBackward = (from: unknown, until: unknown): boolean =>
  isMoment(from) && isMoment(until) && spanOf(until).end < spanOf(from).start;

/** Whether a version of a row was in force: not what was recorded of one that the same ledger took out of force. @param row `<section>/<key>` */
export const hasStood = ({ id, ledger }: { id: string; ledger: string }, row: string): boolean =>
  id !== `${ledger}/${row}/replaced`;
