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

/**
 * What a ledger records, each with its id.
 * @param words what rows say that others replace: recorded before they go out of force, as nobody could tell later what they say anew
 */
export function recordedAs(
  ledger: string,
  changes: readonly Change[],
  words: readonly Pick<Change, 'section' | 'key' | 'content'>[],
): (Change & { id: string })[] {
  const idOf = ({ section, key }: Pick<Change, 'section' | 'key'>) => `${ledger}/${section}/${key}`;
  const gone = new Map(changes.map((change) => [idOf(change), change]));
  const said = words.map((row) => ({ ...row, supersedes: gone.get(idOf(row))?.supersedes ?? null }));
  const out = said.filter((row) => !gone.has(idOf(row))).map((row) => ({ ...row, content: null }));
  return [
    ...said.map((row) => ({ ...row, id: `${idOf(row)}/replaced` })),
    ...[...changes, ...out].map((row) => ({ ...row, id: idOf(row) })),
  ];
}

/** The ledger without the rows that others in it replace: those are kept in the record, not in force. */
export const withoutReplaced = (ledger: Ledger): Ledger => parted(ledger, false);

/** Those alone. */
export const replacedRows = (ledger: Ledger): Ledger => parted(ledger, true);

function parted(ledger: Ledger, isReplaced: boolean): Ledger {
  const parts = sections.map((section) => {
    const rows: readonly Row[] = ledger[section];
    const replaced = replacedIn(section, rows);
    return [section, rows.filter(({ id }) => replaced.has(id) === isReplaced)];
  });
  return { version: 1, ...Object.fromEntries(parts) } as Ledger;
}
