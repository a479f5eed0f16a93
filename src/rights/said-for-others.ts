import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';
import { givenFrom, type Papers } from './acting.ts';
import { firstRows } from './first-rows.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Approval, ChangedRow, Consent, Ledger, Party } from './schema.ts';
import { documentOf, rowsInForce } from './store.ts';

const { section, content } = tables.rightsRows;

/** Consents that parties gave, approvals that they said, and what they imposed themselves, in force. */
export async function saidBy(db: Pick<Db, 'select'>, parties: readonly string[]): Promise<Ledger> {
  const names = (field: string) => sql`${content} ->> ${sql.raw(`'${field}'`)} = any(${texts(parties)})`;
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

/** Parties that withdrew everything by the command, each since when: what a file alone calls withdrawn may mean less. */
export async function partiesGone(db: Pick<Db, 'select'>): Promise<ReadonlyMap<string, string>> {
  const { what, subject } = tables.provenanceAudit;
  const revoked = db.select({ subject }).from(tables.provenanceAudit).where(eq(what, 'rights.revoke'));
  const isRevoked = inArray(sql`'parties/' || ${tables.rightsRows.key}`, revoked);
  const rows = await rowsInForce(db, and(eq(section, 'parties'), isRevoked));
  const since = rows.map(({ key, content: row }) => [key, (row as Party).withdrawn] as const);
  return new Map(since.flatMap(([key, day]) => (day === undefined ? [] : [[key, day] as const])));
}

/** Rows of a ledger, and of other sections what they speak of. */
type Saying = Pick<Ledger, 'consents' | 'approvals' | 'restrictions' | 'agreements'>;

/**
 * What such parties had said for others before they withdrew, and that comes in only now: they withdrew that too.
 * @param isKnown whether a row is in force, and so was when they withdrew
 * @returns by row, what it has to say
 */
export function saidBefore(
  gone: ReadonlyMap<string, string>,
  now: Saying,
  isKnown: (row: string) => boolean,
): Map<string, string> {
  const isTheirs = (by: string | undefined) => by !== undefined && gone.has(by);
  const consents = now.consents.filter(({ givenBy }) => isTheirs(givenBy));
  const approvals = now.approvals.filter(({ by }) => isTheirs(by));
  const by = new Set([...consents.map((row) => row.givenBy), ...approvals.map((row) => row.by)]);
  return new Map(
    [...gone].flatMap(([party, since]) =>
      (by.has(party) ? saidForOthers({ ...now, consents, approvals }, party, since) : [])
        .filter(
          ({ isNew, section: of, row }) => isNew && isBefore(now, row, since) && !isKnown(`${of}/${row.id}`),
        )
        .map(({ section: of, row }): [string, string] => [
          `${of}/${row.id}`,
          `withdrawn: ${since} (${party}, who said it before, withdrew everything then)`,
        ]),
    ),
  );
}

const isBefore = (papers: Papers, row: Consent | Approval, since: string): boolean => {
  const said = givenFrom(papers, row);
  return said !== undefined && spanOf(said).start <= spanOf(since).start;
};

/** Of parties that a file newly calls withdrawn, what they said for others and what goes on: told, as the file may mean that too. */
export function goesOnWords(before: Ledger, now: Ledger): string[] {
  const left = new Set(before.parties.flatMap(({ id, withdrawn }) => (withdrawn === undefined ? [] : [id])));
  return wordsOf(
    now.parties.filter(({ id }) => !left.has(id)),
    now,
  );
}

/** The same of a register, by what it changed. */
export async function goesOnAfter(db: Pick<Db, 'select'>, changed: readonly ChangedRow[]): Promise<string[]> {
  const left = changed.flatMap(({ row, fields }) => {
    const since = fields.find(({ field, before }) => field === 'withdrawn' && before === null)?.after;
    return row.startsWith('parties/') && typeof since === 'string'
      ? [{ id: row.slice('parties/'.length), withdrawn: since }]
      : [];
  });
  return left.length === 0
    ? []
    : wordsOf(
        left,
        await saidBy(
          db,
          left.map(({ id }) => id),
        ),
      );
}

const wordsOf = (parties: readonly Pick<Party, 'id' | 'withdrawn'>[], now: Saying): string[] =>
  parties.flatMap(({ id, withdrawn }) => {
    if (withdrawn === undefined) return [];
    const rows = saidForOthers(now, id, withdrawn).filter(({ isNew }) => isNew);
    const named = rows.map(({ section: of, row }) => `${of}/${row.id}`);
    return named.length === 0
      ? []
      : [
          `parties/${id} is withdrawn, and what it said for others goes on: ${firstRows(named)}; where that has ended too, write withdrawn there`,
        ];
  });
