/**
 * The rule table. The first outcome that any reason asks for decides: EXCLUDE before REVIEW before
 * NEEDS_ACTION before ALLOW. Within one outcome the order here says which reason is named first.
 */
export const rules = [
  {
    rule: 'consent_refused',
    outcome: 'EXCLUDE',
    says: 'a person who appears said no, or withdrew the consent',
  },
  { rule: 'restriction', outcome: 'EXCLUDE', says: 'the use is forbidden' },
  { rule: 'withdrawn', outcome: 'EXCLUDE', says: 'the title or the permission was withdrawn' },
  { rule: 'expired', outcome: 'EXCLUDE', says: 'the permission has ended' },
  { rule: 'not_begun', outcome: 'EXCLUDE', says: 'the permission has not begun' },
  { rule: 'territory', outcome: 'EXCLUDE', says: 'the permission does not reach the territory' },
  { rule: 'use_not_granted', outcome: 'EXCLUDE', says: 'an owner permits other uses only' },
  { rule: 'no_grant', outcome: 'EXCLUDE', says: 'an owner permits nothing' },
  { rule: 'unknown', outcome: 'REVIEW', says: 'the ledger does not say whose it is' },
  { rule: 'appearance_proposed', outcome: 'REVIEW', says: 'somebody may appear, and nobody confirmed it' },
  {
    rule: 'consent_missing',
    outcome: 'NEEDS_ACTION',
    says: 'a person who appears was not asked for this use',
  },
] as const;

export type RuleName = (typeof rules)[number]['rule'];
export type Outcome = (typeof rules)[number]['outcome'] | 'ALLOW';

/** Outcomes from the strongest to the weakest. */
export const outcomes: readonly Outcome[] = ['EXCLUDE', 'REVIEW', 'NEEDS_ACTION', 'ALLOW'];

const order: readonly string[] = rules.map(({ rule }) => rule);

export const rankOf = (rule: RuleName): number => order.indexOf(rule);

export const outcomeOf = (names: readonly RuleName[]): Outcome =>
  outcomes.find((outcome) => rules.some((r) => r.outcome === outcome && names.includes(r.rule))) ?? 'ALLOW';
