import { createHash } from 'node:crypto';
import { BacklotError } from '../contract/index.ts';
import { type Context, canonical } from '../jobs/index.ts';
import { holdingsAround } from './around.ts';
import type { Asked } from './ask.ts';
import { broughtBack } from './brought-back.ts';
import { decideHoldings, type PlacedHoldings } from './bulk.ts';
import type { Target } from './claims.ts';
import { append } from './import.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Section } from './raw.ts';
import { standingFor } from './replaced-by.ts';
import type { Resting } from './resting.ts';
import { type Kind, kinds, type RestedOn, restingOn, sectionOf } from './resting-store.ts';
import { saidBy, saidForOthers } from './said-for-others.ts';
import type { Ledger, LedgerTitle, Revoked, RevokeInput, Use } from './schema.ts';
import { currentLedger, newestRecording } from './store.ts';
import { uses } from './uses.ts';

/** What a withdrawal would change, with the shots that rest on its row. */
export interface Planned {
  revoked: Revoked;
  resting: Resting;
  /** Rows as they are then: that of the withdrawal, and what a party has said for others (ADR 0189). */
  rows: readonly Placed[];
  /** False where all of them were withdrawn by then already. */
  isNew: boolean;
  at: string;
}

/** Of some shots those that would not be allowed for a use once the row is withdrawn; what is not catalogued is not allowed. */
export async function refusedAfter(
  { db }: Pick<Context, 'db'>,
  { rows, at }: Planned,
  shots: readonly string[],
  asked: Omit<Asked, 'asOf'>,
): Promise<Set<string>> {
  const around = await holdingsAround({ db }, shots, asked.performers);
  const after = { ...around, ledger: around.ledger && withRows(around.ledger, rows) };
  const allowed = new Set(
    decideHoldings(after, { ...asked, asOf: at }).flatMap(({ shotId, outcome }) =>
      outcome === 'ALLOW' ? [shotId] : [],
    ),
  );
  return new Set(shots.filter((shot) => !allowed.has(shot)));
}

/**
 * Lists the decisions that change where one row is withdrawn from an instant on, and records nothing. Of the shots only those that rest
 * on the row are decided, and those that show the same: no other decision asks for it.
 * @param at the instant, ISO with zone
 * @throws BacklotError `bad-input`, `no-such-row`, `row-not-withdrawable`
 */
export async function planRevoke(
  context: Pick<Context, 'db'>,
  input: RevokeInput,
  at: string,
): Promise<Planned> {
  const { kind, id } = targetOf(input);
  const found = await restingOn(context.db, input);
  if (!found)
    throw notFound(
      `${sectionOf[kind]}/${id}`,
      (await newestRecording(context.db)) ? 'no such row' : 'no ledger',
    );
  const { resting } = found;
  const { rows, since, isNew, ...also } = await endedRows(context.db, { kind, id }, found, at);
  const before = await holdingsAround(context, resting.shots.keys());
  const after = isNew ? { ...before, ledger: before.ledger && withRows(before.ledger, rows) } : before;
  const changes = usesOf(kind, found.row).flatMap((use) =>
    changesOf(before, after, { use, territory: input.territory, asOf: at }),
  );
  const replacedBy = await standingFor(context.db, sectionOf[kind], id);
  const told = { row: `${sectionOf[kind]}/${id}`, withdrawn: since, ...also, replacedBy };
  return { revoked: { ...told, ledger: null, changes }, resting, rows, isNew, at };
}

type EndedRows = Pick<Planned, 'rows' | 'isNew'> & Pick<Revoked, 'withIt'> & { since: string };

/** The row, and of a party what it said for others, withdrawn from `at` on, or as they are where that was so already. */
async function endedRows(
  db: Context['db'],
  { kind, id }: { kind: Kind; id: string },
  last: RestedOn,
  at: string,
): Promise<EndedRows> {
  const was = kind === 'title' ? await broughtBack(db, last.row as LedgerTitle) : (last.row as Row);
  const { row, since, ...own } = withdrawnRow(was, sectionOf[kind], at);
  const others = kind === 'party' ? saidForOthers(await saidBy(db, [id]), id, at) : [];
  // A withdrawal that a file wrote on a row that it replaced at once holds back no older file.
  const isNew = own.isNew || !last.stood || others.some((one) => one.isNew);
  const withIt = others
    .filter((one) => one.isNew)
    .map((one) => ({ row: `${one.section}/${one.row.id}`, withdrawn: one.row.withdrawn ?? at }))
    .sort((a, b) => (a.row < b.row ? -1 : 1));
  return { rows: [{ section: sectionOf[kind], row }, ...others], since, isNew, withIt };
}

/**
 * Withdraws one row from an instant on by adding a new version of the ledger, and lists the decisions that
 * change. A row that is withdrawn by then stays as it is, with the ledger; one that was dropped comes back withdrawn.
 * @param at the instant, ISO with zone
 * @throws BacklotError `bad-input`, `no-such-row`, `row-not-withdrawable`
 */
export async function revoke(context: Context, input: RevokeInput, at: string): Promise<Revoked> {
  const planned = await planRevoke(context, input, at);
  const ledger = input.dryRun ? null : await record(context, planned);
  return { ...planned.revoked, ledger };
}

/** The ledger in force with the rows as they are now; the one that is there where that is nothing new. */
async function record(context: Context, { rows, isNew, revoked }: Planned): Promise<string> {
  const current = await currentLedger(context.db);
  if (!current) throw notFound(revoked.row, 'no ledger');
  if (!isNew) return current.id;
  const { document } = withRows(current, rows);
  const sha256 = createHash('sha256').update(canonical(document)).digest('hex');
  const ledger = { sha256, source: `withdrawal of ${revoked.row}`, document };
  const { row: subject, withIt } = revoked;
  const details = withIt.length > 0 ? { withIt: withIt.map((one) => one.row) } : {};
  return (await append(context, current, ledger, { what: 'rights.revoke', subject, details })).id;
}

function targetOf(input: Target): { kind: Kind; id: string } {
  const given = kinds.flatMap((kind) => {
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

const notFound = (row: string, found: string): BacklotError =>
  new BacklotError('no-such-row', {
    expected: `${row} in the ledger in force, or in one before it`,
    where: 'rights revoke',
    found,
    remedy: 'Import the ledger that holds it, or correct the id.',
  });

interface Row {
  id: string;
  withdrawn?: string | undefined;
  answer?: string;
}

interface Placed {
  section: Section;
  row: Row;
}

/** The row withdrawn from `at` on, or as it is where that was so already; and since when. */
function withdrawnRow(row: Row, section: string, at: string): { row: Row; since: string; isNew: boolean } {
  if (row.answer === 'refused') throw notWithdrawable(`${section}/${row.id}`);
  if (row.withdrawn !== undefined && isWithdrawn(row, spanOf(at)))
    return { row, since: row.withdrawn, isNew: false };
  return { row: { ...row, withdrawn: at }, since: at, isNew: true };
}

/** A ledger with rows in place of those of their ids, or beside all others. */
function withRows<L extends { document: Ledger }>(ledger: L, placed: readonly Placed[]): L {
  let { document } = ledger;
  for (const { section, row } of placed) {
    const rows: readonly Row[] = document[section];
    const put = rows.some(({ id }) => id === row.id)
      ? rows.map((one) => (one.id === row.id ? row : one))
      : [...rows, row];
    document = { ...document, [section]: put };
  }
  return { ...ledger, document };
}

const notWithdrawable = (where: string): BacklotError =>
  new BacklotError('row-not-withdrawable', {
    expected: 'a row that permits something',
    where,
    found: 'a refusal, which permits nothing',
    remedy: 'Nothing has to be withdrawn; `backlot rights explain SHOT` says what is decided.',
  });

/** The uses that the row permits itself. */
function usesOf(kind: Kind, { uses: named = 'all' }: { uses?: readonly Use[] | 'all' }): readonly Use[] {
  return (kind === 'grant' || kind === 'consent') && named !== 'all' ? named : uses;
}

function changesOf(before: PlacedHoldings, after: PlacedHoldings, ask: Asked): Revoked['changes'] {
  const now = decideHoldings(after, ask);
  return decideHoldings(before, ask).flatMap(({ shotId, outcome }, i) => {
    const next = now[i]?.outcome ?? outcome;
    return next === outcome ? [] : [{ shotId, use: ask.use, before: outcome, after: next }];
  });
}
