import { canonical } from '../jobs/index.ts';
import { type Section, sections, textOf } from './raw.ts';
import type { Ledger } from './schema.ts';

/** A row to record. */
export interface Change {
  section: Section;
  key: string;
  /** Id of the row in force that it replaces, or null. */
  supersedes: string | null;
  /** The row, or null where the key goes out of force. */
  content: object | null;
}

interface InForce {
  id: string;
  section: Section;
  key: string;
  content: object;
}

type Row = { id: string; supersedes?: string | undefined };

/** What has to be recorded so that exactly the rows of `next` are in force. */
export function changesBetween(inForce: readonly InForce[], next: Ledger): Change[] {
  const before = new Map(inForce.map((row) => [`${row.section}/${row.key}`, row]));
  const idOf = (section: Section, key: string) => before.get(`${section}/${key}`)?.id ?? null;
  const now = sections.flatMap((section) => next[section].map((row: Row) => ({ section, row })));
  const kept = new Set(now.map(({ section, row }) => `${section}/${row.id}`));
  const written = now.flatMap(({ section, row }) => {
    const old = before.get(`${section}/${row.id}`);
    if (old && canonical(old.content) === canonical(row)) return [];
    const replaced = row.supersedes === undefined ? null : idOf(section, row.supersedes);
    return [{ section, key: row.id, supersedes: old?.id ?? replaced, content: row }];
  });
  const gone = inForce.filter(({ section, key }) => !kept.has(`${section}/${key}`));
  return [
    ...written,
    ...gone.map(({ section, key, id }) => ({ section, key, supersedes: id, content: null })),
  ];
}

/**
 * Ids of the rows that others take out of force. A paper stays: it was signed on its day all the same, and rows go on naming it.
 * @param rows of the section, those that say what they replace among them
 */
export const replacedIn = (
  section: Section,
  rows: readonly { id?: unknown; supersedes?: unknown }[],
): Set<string> =>
  new Set(section === 'agreements' ? [] : rows.flatMap(({ supersedes }) => textOf(supersedes) ?? []));

/** The ledger without the rows that others in it replace: those are kept in the record, not in force. */
export function withoutReplaced(ledger: Ledger): Ledger {
  const parts = sections.map((section) => {
    const rows: readonly Row[] = ledger[section];
    const replaced = replacedIn(section, rows);
    return [section, rows.filter(({ id }) => !replaced.has(id))];
  });
  return { version: 1, ...Object.fromEntries(parts) } as Ledger;
}
