import { isWithdrawn, spanOf } from './moments.ts';
import { type Section, sections } from './raw.ts';
import type { Ledger } from './schema.ts';

/** While which a row was in force, by the numbers of recordings: `[from, until)`; without end where it is still. */
export interface Span {
  from: number;
  until: number;
}

/** A row as some recordings of the ledger had it. */
export type Version<T> = Span & { row: T };

/** All that a ledger has said, row by row. */
export type History = { readonly [S in Section]: readonly Version<Ledger[S][number]>[] };

/** What one recording said of a row; without content, that it is no longer in force. */
export interface Recorded {
  section: Section;
  key: string;
  content: object | null;
  /** Number of the recording. */
  recording: number;
  /** When it was recorded. */
  at?: string;
}

/**
 * A permission that was withdrawn by the time of a recording permits nothing from that one on: what was made since rests on another.
 * @param rows all versions of each row that is among them, in the order of recording
 */
export function historyOf(rows: readonly Recorded[]): History {
  const versions = sections.map((section) => {
    const its = rows.filter((row) => row.section === section);
    return [section, [...Map.groupBy(its, ({ key }) => key).values()].flatMap(versionsOf)];
  });
  return Object.fromEntries(versions) as History;
}

function versionsOf(all: readonly Recorded[]): Version<object>[] {
  // What a recording says of a row that it takes out of force at once is not in force by it.
  const rows = all.filter(({ recording }, i) => recording !== all[i + 1]?.recording);
  return rows.flatMap(({ content, recording }, i) =>
    content === null || isSpent(rows, i)
      ? []
      : [{ row: content, from: recording, until: rows[i + 1]?.recording ?? Number.POSITIVE_INFINITY }],
  );
}

/** While which all of these were in force together; null: never. */
export function together(...spans: readonly Span[]): Span | null {
  const from = Math.max(...spans.map((span) => span.from));
  const until = Math.min(...spans.map((span) => span.until));
  return from < until ? { from, until } : null;
}

/** Of what no version has to say. */
export const ever: Span = { from: 0, until: Number.POSITIVE_INFINITY };

/** Whether a grant or a consent was withdrawn already, or out of force, when it was recorded so. One whose first version is may be what something rests on. */
function isSpent(rows: readonly Recorded[], i: number): boolean {
  const own = rows[i];
  if (own === undefined || !isWithdrawnThen(own)) return false;
  return rows.slice(0, i).some((row) => row.content === null || !isWithdrawnThen(row));
}

function isWithdrawnThen({ section, content, at }: Recorded): boolean {
  const { withdrawn } = (content ?? {}) as { withdrawn?: string };
  const isPermission = section === 'grants' || section === 'consents';
  return isPermission && at !== undefined && isWithdrawn({ withdrawn }, spanOf(at));
}
