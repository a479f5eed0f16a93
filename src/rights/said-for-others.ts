import { and, eq, or, sql } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { firstRows } from './first-rows.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Approval, Consent, Ledger } from './schema.ts';
import { documentOf, rowsInForce } from './store.ts';

const { section, content } = tables.rightsRows;

/** Consents that a party gave, approvals that it said, and what it imposed itself, in force. */
export async function saidBy(db: Pick<Db, 'select'>, party: string): Promise<Ledger> {
  const names = (field: string) => sql`${content} ->> ${sql.raw(`'${field}'`)} = ${party}`;
  const rows = rowsInForce(
    db,
    or(
      and(eq(section, 'consents'), names('givenBy')),
      and(eq(section, 'approvals'), names('by')),
      and(eq(section, 'restrictions'), names('imposedBy')),
    ),
  );
  return documentOf(await rows);
}

/** A row that ends with its party. */
type Ended<S, R> = { section: S; row: R; isNew: boolean };

/**
 * What a party has permitted for somebody else, withdrawn from `at` on or as it is where that was so already: who withdraws everything withdraws that
 * too (ADR 0189). What it permitted of its own it permits no more by its own row.
 */
export function saidForOthers(
  { consents, approvals, restrictions }: Pick<Ledger, 'consents' | 'approvals' | 'restrictions'>,
  id: string,
  at: string,
): (Ended<'consents', Consent> | Ended<'approvals', Approval>)[] {
  const imposed = new Set(restrictions.flatMap((row) => (row.imposedBy === id ? [row.id] : [])));
  const given = consents.filter((row) => row.givenBy === id && row.party !== id && row.answer === 'given');
  const approved = approvals.filter((row) => row.by === id && !imposed.has(row.restriction));
  return [
    ...given.map((row) => ({ section: 'consents' as const, ...ended(row, at) })),
    ...approved.map((row) => ({ section: 'approvals' as const, ...ended(row, at) })),
  ];
}

const ended = <R extends { withdrawn?: string | undefined }>(row: R, at: string) =>
  isWithdrawn(row, spanOf(at)) ? { row, isNew: false } : { row: { ...row, withdrawn: at }, isNew: true };

/** Of parties that a file newly calls withdrawn, what they said for others and what goes on: told, as the file may mean that too. */
export function goesOnWords(before: Ledger, now: Ledger): string[] {
  const left = new Set(before.parties.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [] : [id])));
  return now.parties.flatMap(({ id, withdrawn }) => {
    if (withdrawn === undefined || left.has(id)) return [];
    const rows = saidForOthers(now, id, withdrawn).filter(({ isNew }) => isNew);
    const named = rows.map(({ section, row }) => `${section}/${row.id}`);
    return named.length === 0
      ? []
      : [
          `parties/${id} is withdrawn, and what it said for others goes on: ${firstRows(named)}; where that has ended too, write withdrawn there`,
        ];
  });
}
