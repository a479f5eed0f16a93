import { and, eq, exists, inArray, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Db, tables } from '../db/index.ts';
import { replacedIn } from './changes.ts';
import { firstRows } from './first-rows.ts';
import { STAND_AGAIN } from './ledgers-since.ts';
import { placeProblems } from './people-problems.ts';
import { idsIn, relationProblems, rowProblems } from './problems.ts';
import { type Row, type Section, sections, textOf } from './raw.ts';
import { replacedTitleProblems } from './replaced-titles.ts';
import type { Ledger } from './schema.ts';
import { rowsInForce, type Version } from './store.ts';
import { bound } from './undoing.ts';

const { provenanceAudit: audit, rightsLedgers, rightsRows } = tables;

type Registered = Pick<Version, 'section' | 'key' | 'content'>;

/** What was recorded otherwise than by a file, and says that something is forbidden, asked for or seen. */
const holding = or(bound, eq(rightsRows.section, 'appearances'));

/** The parties and papers that such rows speak of. They permit nothing by themselves. */
const partiesAndPapers = inArray(rightsRows.section, ['parties', 'agreements']);

/**
 * What registers recorded of refusals, restrictions and obligations, with their parties and papers, and what answers to credits recorded of who is seen, as far as nobody
 * recorded it anew since; that a refusal stands again nobody said.
 */
export function registeredRows(db: Pick<Db, 'select'>): Promise<Registered[]> {
  const ledger = sql<string>`${audit.details} ->> 'ledger'`;
  const isApart = inArray(audit.what, ['rights.register', 'rights.answer']);
  const apart = db.select({ ledger }).from(audit).where(isApart);
  const again = db.select({ id: rightsLedgers.id }).from(rightsLedgers);
  const said = alias(rightsRows, 'said');
  const place = and(eq(said.section, rightsRows.section), eq(said.key, rightsRows.key));
  const wasApart = and(
    inArray(rightsRows.ledger, again.where(eq(rightsLedgers.source, STAND_AGAIN))),
    exists(
      db
        .select({ id: said.id })
        .from(said)
        .where(and(place, inArray(said.ledger, apart))),
    ),
  );
  return rowsInForce(db, and(or(holding, partiesAndPapers), or(inArray(rightsRows.ledger, apart), wasApart)));
}

/**
 * A ledger file with those rows of registers and answers that it does not name: they stay in force. Not those that speak of what neither the file nor a
 * register has, that contradict the file, or replace a row that is in it: they count as left out.
 * @returns also the rows that were added, as `<section>/<id>`
 */
export function withRegistered(file: Ledger, rows: readonly Registered[]): { file: Ledger; kept: string[] } {
  const ids = idsIn(file);
  const replaced = new Map(sections.map((section) => [section, replacedIn(section, file[section])]));
  const silent = rows.filter(({ section, key, content }) => {
    const old = textOf((content as Row).supersedes);
    const isNamed = ids[section].has(key) || replaced.get(section)?.has(key);
    return !isNamed && (old === undefined || !ids[section].has(old));
  });
  let whole = file;
  const kept: string[] = [];
  // Parties and papers come before what speaks of them.
  for (const section of sections) {
    const its = silent.filter((row) => row.section === section);
    const sound = soundRows(whole, section, its);
    whole = beside(whole, section, sound);
    kept.push(...sound.map(({ key }) => `${section}/${key}`));
  }
  return { file: whole, kept };
}

const beside = (file: Ledger, section: Section, rows: readonly Registered[]): Ledger =>
  rows.length === 0
    ? file
    : { ...file, [section]: [...file[section], ...rows.map(({ content }) => content)] };

/** Rows of which everything that they speak of is in the file or among them, and that contradict nothing in it. */
function soundRows(file: Ledger, section: Section, rows: readonly Registered[]): readonly Registered[] {
  if (rows.length === 0) return [];
  const whole = beside(file, section, rows);
  const problems = [
    ...rowProblems(whole, section, idsIn(whole)),
    ...replacedTitleProblems(whole),
    ...(section === 'parties' ? relationProblems(whole) : []),
    ...(section === 'appearances' ? placeProblems(whole) : []),
  ];
  const broken = new Set(problems.flatMap(({ path }) => (path[0] === section ? [path[1]] : [])));
  const sound = rows.filter((_, i) => !broken.has(file[section].length + i));
  return sound.length === rows.length ? rows : soundRows(file, section, sound);
}

/** Told with the import: the ledger in force is more than the file. */
export function keptWords(kept: readonly string[]): string[] {
  if (kept.length === 0) return [];
  const isAnswer = kept.some((row) => row.startsWith('appearances/'));
  const many =
    kept.length === 1
      ? `1 row of ${isAnswer ? 'an answer' : 'a register'}, which the file does not name, stays`
      : `${kept.length} rows of registers${isAnswer ? ' and answers' : ''}, which the file does not name, stay`;
  return [`${many} in force: ${firstRows(kept)}`];
}
