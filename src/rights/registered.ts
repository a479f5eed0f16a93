import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { idsIn, rowProblems } from './problems.ts';
import { type Row, type Section, sections, textOf } from './raw.ts';
import { replacedTitleProblems } from './replaced-titles.ts';
import type { Ledger } from './schema.ts';
import { rowsInForce, type Version } from './store.ts';
import { bound } from './undoing.ts';

const { provenanceAudit: audit, rightsRows } = tables;

type Registered = Pick<Version, 'section' | 'key' | 'content'>;

/** What registers recorded of refusals, restrictions and obligations, as far as nobody recorded it anew since. */
export function registeredRows(db: Pick<Db, 'select'>): Promise<Registered[]> {
  const ledger = sql<string>`${audit.details} ->> 'ledger'`;
  const registers = db.select({ ledger }).from(audit).where(eq(audit.what, 'rights.register'));
  return rowsInForce(db, and(bound, inArray(rightsRows.ledger, registers)));
}

/**
 * A ledger file with those rows of registers that it does not name: they stay in force. Not those that speak of what the file does
 * not have, or replace a row that is in it: they count as left out.
 * @returns also the rows that were added, as `<section>/<id>`
 */
export function withRegistered(file: Ledger, rows: readonly Registered[]): { file: Ledger; kept: string[] } {
  const ids = idsIn(file);
  const silent = rows.filter(({ section, key, content }) => {
    const replaced = textOf((content as Row).supersedes);
    return !ids[section].has(key) && (replaced === undefined || !ids[section].has(replaced));
  });
  const kept = sections.flatMap((section) =>
    soundRows(
      file,
      section,
      silent.filter((row) => row.section === section),
    ),
  );
  const parts = sections.map((section) => {
    const added = kept.filter((row) => row.section === section).map(({ content }) => content);
    return [section, [...file[section], ...added]];
  });
  return {
    file: { version: 1, ...Object.fromEntries(parts) } as Ledger,
    kept: kept.map(({ section, key }) => `${section}/${key}`),
  };
}

/** Rows of which everything that they speak of is in the file. */
function soundRows(file: Ledger, section: Section, rows: readonly Registered[]): readonly Registered[] {
  if (rows.length === 0) return [];
  const beside = { ...file, [section]: rows.map(({ content }) => content) };
  const problems = [...rowProblems(beside, section, idsIn(file)), ...replacedTitleProblems(beside)];
  const broken = new Set(problems.filter(({ path: [of] }) => of === section).map(({ path }) => path[1]));
  return rows.filter((_, i) => !broken.has(i));
}

/** Rows that are named in words. */
const TOLD = 10;

/** Told with the import: the ledger in force is more than the file. */
export function keptWords(kept: readonly string[]): string[] {
  if (kept.length === 0) return [];
  const many =
    kept.length === 1
      ? '1 row of a register, which the file does not name, stays'
      : `${kept.length} rows of registers, which the file does not name, stay`;
  const more = kept.length > TOLD ? ` and ${kept.length - TOLD} more` : '';
  return [`${many} in force: ${kept.slice(0, TOLD).join(', ')}${more}`];
}
