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
  { rule: 'model', outcome: 'EXCLUDE', says: 'the permission is for other models' },
  { rule: 'trainer', outcome: 'EXCLUDE', says: 'the permission is for other trainers' },
  { rule: 'output', outcome: 'EXCLUDE', says: 'the permission is for other kinds of takes' },
  { rule: 'grantee', outcome: 'EXCLUDE', says: 'the permission is given to somebody else than the house' },
  { rule: 'use_not_granted', outcome: 'EXCLUDE', says: 'an owner permits other uses only' },
  { rule: 'no_grant', outcome: 'EXCLUDE', says: 'an owner permits nothing' },
  {
    rule: 'material_not_cleared',
    outcome: 'EXCLUDE',
    says: 'music, artwork, a brand or stock of others is in it without a licence for this',
  },
  { rule: 'unknown', outcome: 'REVIEW', says: 'the ledger does not say whose it is' },
  {
    rule: 'chain_of_title',
    outcome: 'REVIEW',
    says: 'the chain of title does not lead to those who are named as owners',
  },
  { rule: 'appearance_proposed', outcome: 'REVIEW', says: 'somebody may appear, and nobody confirmed it' },
  {
    rule: 'unplaced',
    outcome: 'REVIEW',
    says: 'somebody or something is said to be seen where the film has no shot, and may be anywhere in it',
  },
  {
    rule: 'cast_not_stated',
    outcome: 'REVIEW',
    says: 'nobody has said that all who are seen are listed, and the studio asks for that',
  },
  {
    rule: 'materials_not_stated',
    outcome: 'REVIEW',
    says: 'nobody has said that everything of others in it is listed, and the studio asks for that',
  },
  {
    rule: 'material_proposed',
    outcome: 'REVIEW',
    says: 'something of others may be in it, and nobody confirmed it',
  },
  {
    rule: 'copy_of_refused',
    outcome: 'REVIEW',
    says: 'another shot shows the same, and something speaks against that one',
  },
  {
    rule: 'consent_missing',
    outcome: 'NEEDS_ACTION',
    says: 'a person who appears was not asked for this use',
  },
  {
    rule: 'consent_incomplete',
    outcome: 'NEEDS_ACTION',
    says: 'a consent to a replica was not described, or neither signed apart nor given with advice',
  },
  {
    rule: 'not_represented',
    outcome: 'NEEDS_ACTION',
    says: 'a consent was given by somebody who did not represent the person then',
  },
  { rule: 'approval_missing', outcome: 'NEEDS_ACTION', says: 'the use has to be approved first' },
  { rule: 'obligation_open', outcome: 'NEEDS_ACTION', says: 'a duty towards somebody is not fulfilled' },
] as const;

export type RuleName = (typeof rules)[number]['rule'];
export type Outcome = (typeof rules)[number]['outcome'] | 'ALLOW';

/** Outcomes from the strongest to the weakest. */
export const outcomes: readonly Outcome[] = ['EXCLUDE', 'REVIEW', 'NEEDS_ACTION', 'ALLOW'];

const order: readonly string[] = rules.map(({ rule }) => rule);

export const rankOf = (rule: RuleName): number => order.indexOf(rule);

export const outcomeOf = (names: readonly RuleName[]): Outcome =>
  outcomes.find((outcome) => rules.some((r) => r.outcome === outcome && names.includes(r.rule))) ?? 'ALLOW';
