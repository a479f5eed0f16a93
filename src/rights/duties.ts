import { boundBy, hasLeft, holds, isGiven } from './acting.ts';
import type { Ask } from './ask.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Ledger, Obligation, Reason, Restriction } from './schema.ts';
import { concerns, reaches, scopeMisses } from './scope.ts';

/** What is forbidden, or forbidden until somebody approves. */
export const restrictionReasons = (ledger: Ledger, title: string | null, ask: Ask): Reason[] =>
  ledger.restrictions
    .filter((row) => concerns(row, title) && reaches(row, ask) && !isApproved(row, ledger, title, ask))
    .map((row) => ({
      rule: row.unless === 'approved' ? 'approval_missing' : 'restriction',
      row: `restrictions/${row.id}`,
      message: row.unless === 'approved' ? asksFor(row) : row.reason,
    }));

const asksFor = ({ imposedBy, reason }: Restriction): string =>
  imposedBy === undefined
    ? `${reason} (nobody is named who could approve)`
    : `${imposedBy} has to approve: ${reason}`;

/** Who imposed it, or somebody for them, must have approved: nobody else's word frees it. */
const isApproved = (row: Restriction, ledger: Ledger, title: string | null, ask: Ask): boolean =>
  row.unless === 'approved' &&
  row.imposedBy !== undefined &&
  title !== null &&
  !hasLeft(ledger, row.imposedBy, ask.at) &&
  ledger.approvals.some(
    (approval) =>
      approval.restriction === row.id &&
      approval.titles.includes(title) &&
      holds(boundBy(ledger, row.imposedBy ?? '', approval.by, approval), ask.at) &&
      isGiven(ledger, approval, ask.at) &&
      !isWithdrawn(approval, ask.at) &&
      scopeMisses(approval, ask).length === 0,
  );

/** Duties that come with the use, done or not. */
export const obligationsFor = (ledger: Ledger, title: string, ask: Ask): Obligation[] =>
  ledger.obligations.filter((row) => concerns(row, title) && reaches(row, ask));

/** Whoever must be told, asked or bargained with comes first; a payment holds up once it is overdue. */
export function isOpen(row: Obligation, { at }: Pick<Ask, 'at'>): boolean {
  if (row.done !== undefined && spanOf(row.done).start <= at.end) return false;
  return row.kind !== 'pay' || (row.due !== undefined && spanOf(row.due).end < at.start);
}

export const openReason = (row: Obligation): Reason => ({
  rule: 'obligation_open',
  row: `obligations/${row.id}`,
  message: `${dutyWords(row, row.to)}: ${row.done === undefined ? 'not recorded as done' : `recorded as done only on ${row.done}`}`,
});

/** What is owed to somebody, by their id or name. */
export function dutyWords({ kind, amount, due }: Obligation, to: string): string {
  const act = {
    notify: 'notify',
    consult: 'consult',
    bargain: 'bargain with',
    pay: amount ? `pay ${amount} to` : 'pay',
  };
  return `${act[kind]} ${to}${due ? `, due ${due}` : ''}`;
}
