import { createHash } from 'node:crypto';
import { BacklotError } from '../contract/index.ts';
import { type Context, canonical } from '../jobs/index.ts';
import type { Asked } from './ask.ts';
import { decideHoldings, type Holdings, holdingsOf, namedOf } from './bulk.ts';
import { withAlike } from './copies.ts';
import { append } from './import.ts';
import { matchTitle } from './match.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Ledger, Revoked, RevokeInput, Use } from './schema.ts';
import { currentLedger, ledgerHolding, newestRecording, type StoredLedger } from './store.ts';
import { uses } from './uses.ts';

const sectionOf = { party: 'parties', grant: 'grants', consent: 'consents', title: 'titles' } as const;
type Kind = keyof typeof sectionOf;
type Target = Pick<RevokeInput, Kind>;

/**
 * Withdraws one row from an instant on by adding a new version of the ledger, and lists the decisions that
 * change. A row that is withdrawn by then stays as it is, with the ledger; one that was dropped comes back withdrawn.
 * @param at the instant, ISO with zone
 * @throws BacklotError `bad-input`, `no-such-row`, `row-not-withdrawable`
 */
export async function revoke(context: Context, input: RevokeInput, at: string): Promise<Revoked> {
  const { kind, id } = targetOf(input);
  const held = await ledgerOfRow(context, input);
  const newest = await newestRecording(context.db);
  const current = held?.id === newest?.id ? held : await currentLedger(context.db);
  if (!current || !held) throw notFound(kind, id, current ? 'no such row' : 'no ledger');
  const { document, withdrawn } = withdraw(current.document, held.document, { kind, id, at });
  const row = `${sectionOf[kind]}/${id}`;
  const before = concerned(await holdingsOf(context), held.document, kind, id);
  const after = { ...before, ledger: { id: current.id, document } };
  const asks = usesOf(held.document, kind, id).map((use) => ({
    use,
    territory: input.territory,
    asOf: at,
  }));
  const changes = asks.flatMap((ask) => changesOf(before, after, ask));
  const ledger = input.dryRun ? null : await record(context, current, document, row);
  return { row, withdrawn, ledger, changes };
}

/**
 * The ledger that says what the row permitted: the one in force, or the last that had it. Null where none did.
 * @throws BacklotError `bad-input`
 */
export function ledgerOfRow({ db }: Pick<Context, 'db'>, input: Target): Promise<StoredLedger | null> {
  const { kind, id } = targetOf(input);
  return ledgerHolding(db, sectionOf[kind], id);
}

async function record(
  context: Context,
  current: StoredLedger,
  document: Ledger,
  row: string,
): Promise<string> {
  if (document === current.document) return current.id;
  const sha256 = createHash('sha256').update(canonical(document)).digest('hex');
  const ledger = { sha256, source: `withdrawal of ${row}`, document };
  return (await append(context, current, ledger, { what: 'rights.revoke', subject: row })).id;
}

function targetOf(input: Target): { kind: Kind; id: string } {
  const given = (Object.keys(sectionOf) as Kind[]).flatMap((kind) => {
    const id = input[kind];
    return id === undefined ? [] : [{ kind, id }];
  });
  const [target] = given;
  if (target && given.length === 1) return target;
  throw new BacklotError('bad-input', {
    expected: 'exactly one of --party, --grant, --consent, --title',
    where: 'rights revoke',
    found: given.length === 0 ? 'none' : given.map(({ kind }) => `--${kind}`).join(', '),
    remedy: 'Name the one row that is withdrawn.',
  });
}

const notFound = (kind: Kind, id: string, found: string): BacklotError =>
  new BacklotError('no-such-row', {
    expected: `${sectionOf[kind]}/${id} in the ledger in force, or in one before it`,
    where: 'rights revoke',
    found,
    remedy: 'Import the ledger that holds it, or correct the id.',
  });

interface Row {
  id: string;
  withdrawn?: string | undefined;
  answer?: string;
}

/** The ledger with the row of `held` withdrawn from `at` on, or as it is where that was so already; and since when. */
function withdraw(
  ledger: Ledger,
  held: Ledger,
  { kind, id, at }: { kind: Kind; id: string; at: string },
): { document: Ledger; withdrawn: string } {
  const section = sectionOf[kind];
  const row = (held[section] as readonly Row[]).find((candidate) => candidate.id === id);
  if (!row) throw notFound(kind, id, 'no such row');
  if (row.answer === 'refused') throw notWithdrawable(`${section}/${id}`);
  if (row.withdrawn !== undefined && isWithdrawn(row, spanOf(at)))
    return { document: ledger, withdrawn: row.withdrawn };
  const next = { ...row, withdrawn: at };
  const rows: readonly Row[] = ledger[section];
  const put = rows.some((r) => r.id === id) ? rows.map((r) => (r.id === id ? next : r)) : [...rows, next];
  return { document: { ...ledger, [section]: put }, withdrawn: at };
}

const notWithdrawable = (where: string): BacklotError =>
  new BacklotError('row-not-withdrawable', {
    expected: 'a row that permits something',
    where,
    found: 'a refusal, which permits nothing',
    remedy: 'Nothing has to be withdrawn; `backlot rights explain SHOT` says what is decided.',
  });

/** The uses that the row can have permitted. */
function usesOf(ledger: Ledger, kind: Kind, id: string): readonly Use[] {
  if (kind === 'grant') return ledger.grants.find((row) => row.id === id)?.uses ?? [];
  const consented = kind === 'consent' && ledger.consents.find((row) => row.id === id)?.uses;
  return consented && consented !== 'all' ? consented : uses;
}

/** The holdings without the shots of titles that the row says nothing of, but for copies of others: their decisions cannot change. */
function concerned(holdings: Holdings, ledger: Ledger, kind: Kind, id: string): Holdings {
  const titles = new Set(titlesOf(ledger, kind, id));
  const named = holdings.files.map(namedOf);
  const files = holdings.files.filter((file) => {
    const match = matchTitle(ledger, namedOf(file), named);
    return 'title' in match && titles.has(match.title);
  });
  const ids = new Set(files.map((file) => file.id));
  const own = holdings.shots.filter(({ fileId }) => ids.has(fileId)).map((shot) => shot.id);
  const all = withAlike(own, holdings.copies);
  return { ...holdings, shots: holdings.shots.filter((shot) => all.has(shot.id)) };
}

function titlesOf(ledger: Ledger, kind: Kind, id: string): string[] {
  if (kind === 'title') return [id];
  if (kind === 'grant') return ledger.grants.find((row) => row.id === id)?.titles ?? [];
  const consents = ledger.consents.filter((row) =>
    kind === 'party' ? row.party === id || row.givenBy === id : row.id === id,
  );
  const people = new Set([...consents.map(({ party }) => party), ...(kind === 'party' ? [id] : [])]);
  const seen = ledger.appearances.filter(({ party }) => people.has(party)).map(({ title }) => title);
  if (kind === 'consent') return seen;
  const granted = ledger.grants.filter(({ grantor }) => grantor === id).flatMap(({ titles }) => titles);
  return [...seen, ...granted, ...approvalsOf(ledger, id).flatMap(({ titles }) => titles)];
}

/** What a party has approved, or somebody for it. */
export const approvalsOf = ({ approvals, restrictions }: Ledger, party: string): Ledger['approvals'] => {
  const own = new Set(restrictions.filter(({ imposedBy }) => imposedBy === party).map(({ id }) => id));
  return approvals.filter(({ by, restriction }) => by === party || own.has(restriction));
};

function changesOf(before: Holdings, after: Holdings, ask: Asked): Revoked['changes'] {
  const now = decideHoldings(after, ask);
  return decideHoldings(before, ask).flatMap(({ shotId, outcome }, i) => {
    const next = now[i]?.outcome ?? outcome;
    return next === outcome ? [] : [{ shotId, use: ask.use, before: outcome, after: next }];
  });
}
