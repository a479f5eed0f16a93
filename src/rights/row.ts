import { and, desc, eq, sql } from 'drizzle-orm';
import { BacklotError } from '../contract/index.ts';
import { type Db, tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { liftsInForce } from './lifts-store.ts';
import { hasStood, isRow, listOf, type Row, type Section, sections, textOf } from './raw.ts';
import { type LedgerRow, notLegalAdvice } from './schema.ts';
import { rowsInForce } from './store.ts';

const { rightsLedgers, rightsRows } = tables;
const { section, key, content } = rightsRows;

type Document = LedgerRow['documents'][number];

/**
 * A row of the ledger: everything that was ever recorded under its id, and the documents in which it is written.
 * @param name `<section>/<id>`
 * @throws BacklotError `no-such-row`
 */
export async function ledgerRow({ db }: Pick<Context, 'db'>, name: string): Promise<LedgerRow> {
  const [of = '', id = ''] = name.split('/');
  const known = sections.find((each) => each === of);
  const versions = known ? await versionsOf(db, known, id) : [];
  const [newest] = versions;
  if (!known || !newest) throw noSuchRow(name);
  const replacing = await rowsInForce(db, and(eq(section, known), sql`${content} ->> 'supersedes' = ${id}`));
  const said = versions.filter((version) => version.content !== null);
  const told = (said.find((version) => hasStood(version, name)) ?? said[0])?.content ?? {};
  const lifting = known === 'consents' && told.answer === 'refused' ? await liftsInForce(db, [id]) : [];
  return {
    ...{ notice: notLegalAdvice, row: name, inForce: newest.content !== null, versions },
    replacedBy: replacing.map((row) => `${known}/${row.key}`),
    liftedBy: lifting.map((row) => `consents/${row.key}`),
    documents: await documentsOf(db, evidenceIn(told)),
  };
}

async function versionsOf(db: Db, of: Section, id: string): Promise<LedgerRow['versions']> {
  const { ledger, supersedes, recordedAt, recordedBy, seq } = rightsRows;
  const rows = await db
    .select({
      id: rightsRows.id,
      ledger,
      source: rightsLedgers.source,
      recordedAt,
      recordedBy,
      supersedes,
      content,
    })
    .from(rightsRows)
    .innerJoin(rightsLedgers, eq(rightsLedgers.id, ledger))
    .where(and(eq(section, of), eq(key, id)))
    .orderBy(desc(seq));
  return rows.map((row) => ({
    ...row,
    recordedAt: row.recordedAt.toISOString(),
    content: row.content as Row | null,
  }));
}

interface Evidence {
  for: string;
  agreement: string;
  clause: string | null;
  page: number | null;
}

/** The row's own, and those of the steps by which its shares came to their owners. */
function evidenceIn(row: Row): Evidence[] {
  const steps = listOf(row.chain).map(
    (step, i) => [`chain[${i}]`, isRow(step) ? step.evidence : null] as const,
  );
  return [['the row', row.evidence] as const, ['its fulfilment', row.fulfilled] as const, ...steps].flatMap(
    ([what, evidence]) => {
      if (!isRow(evidence) || textOf(evidence.agreement) === undefined) return [];
      const { agreement, clause, page } = evidence;
      const number = typeof page === 'number' ? page : null;
      return [{ for: what, agreement: String(agreement), clause: textOf(clause) ?? null, page: number }];
    },
  );
}

async function documentsOf(db: Db, evidence: readonly Evidence[]): Promise<Document[]> {
  const agreements = new Map<string, Row>();
  for (const id of new Set(evidence.map(({ agreement }) => agreement))) {
    const [row] = await rowsInForce(db, and(eq(section, 'agreements'), eq(key, id)));
    if (row) agreements.set(id, row.content as Row);
  }
  return evidence.map((one) => {
    const row = agreements.get(one.agreement);
    const clause = listOf(row?.clauses).find((each): each is Row => isRow(each) && each.id === one.clause);
    const page = one.page ?? (typeof clause?.page === 'number' ? clause.page : null);
    const [name, sha256] = [textOf(row?.name) ?? null, textOf(row?.sha256) ?? null];
    return { ...one, page, name, sha256, text: textOf(clause?.text) ?? null };
  });
}

const noSuchRow = (found: string): BacklotError =>
  new BacklotError('no-such-row', {
    expected: 'a row that was recorded, as <section>/<id>',
    where: 'rights row ROW',
    found,
    remedy: 'Reasons of `backlot rights explain SHOT` and `rights signatures` name rows.',
  });
