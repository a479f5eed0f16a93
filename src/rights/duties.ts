import { boundBy, hasLeft, holds, isGiven } from './acting.ts';
import type { Ask } from './ask.ts';
import { isWithdrawn, spanOf } from './moments.ts';
import type { Approval, Assumption, Ledger, Obligation, Reason, Restriction } from './schema.ts';
import { concerns, reaches, scopeMisses } from './scope.ts';
import { undatedAssumptions } from './undated.ts';

/** What is forbidden, or forbidden until somebody approves. */
export const restrictionReasons = (ledger: Ledger, title: string | null, ask: Ask): Reason[] =>
  ledger.restrictions
    .filter(
      (row) => concerns(row, title) && reaches(row, ask) && approvalsOf(row, ledger, title, ask).length === 0,
    )
    .map((row) => ({
      rule: row.unless === 'approved' ? 'approval_missing' : 'restriction',
      row: `restrictions/${row.id}`,
      message: row.unless === 'approved' ? asksFor(row) : row.reason,
    }));

const asksFor = ({ imposedBy, reason }: Restriction): string =>
  imposedBy === undefined
    ? `${reason} (nobody is named who could approve)`
    : `${imposedBy} has to approve: ${reason}`;

/** What is assumed of when restrictions that would forbid something were freed. */
export const approvalAssumptions = (ledger: Ledger, title: string, ask: Ask): Assumption[] =>
  ledger.restrictions
    .filter((row) => concerns(row, title) && reaches(row, ask))
    .flatMap((row) => undatedAssumptions('approvals', approvalsOf(row, ledger, title, ask), ledger));

/** Approvals of which each frees it: who imposed it, or somebody for them, must have approved. */
function approvalsOf(row: Restriction, ledger: Ledger, title: string | null, ask: Ask): Approval[] {
  const by = row.imposedBy;
  if (row.unless !== 'approved' || by === undefined || title === null || hasLeft(ledger, by, ask.at))
    return [];
  return ledger.approvals.filter(
    (approval) =>
      approval.restriction === row.id &&
      approval.titles.includes(title) &&
      holds(boundBy(ledger, by, approval.by, approval), ask.at) &&
      isGiven(ledger, approval, ask.at) &&
      !isWithdrawn(approval, ask.at) &&
      scopeMisses(approval, ask).length === 0,
  );
}

/** Duties that come with the use, done or not. */
export const obligationsFor = (ledger: Ledger, title: string, ask: Ask): Obligation[] =>
  ledger.obligations.filter((row) => concerns(row, title) && reaches(row, ask));

/**
 * Whether it stands open for as much as an instant of the moment. Whoever must be told, asked or bargained with comes first; a
 * payment holds up once it is overdue.
 */
export function isOpen(row: Obligation, { at }: Pick<Ask, 'at'>): boolean {
  if (row.kind === 'pay' && row.due === undefined) return false;
  const first = row.kind === 'pay' && row.due !== undefined ? spanOf(row.due).end + 1 : at.start;
  const last = row.done === undefined ? at.end : spanOf(row.done).start - 1;
  return Math.max(first, at.start) <= Math.min(last, at.end);
}

/** Whether it is fulfilled, and never stood open within the moment. */
export const isDone = (row: Obligation, ask: Pick<Ask, 'at'>): boolean =>
  row.done !== undefined && spanOf(row.done).start <= ask.at.end && !isOpen(row, ask);

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
