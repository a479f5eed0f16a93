import { createHash } from 'node:crypto';
import { BacklotError } from '../contract/index.ts';
import { byValue, cawgUses } from './marks.ts';
import { rules } from './rules.ts';
import { forbiddenWith, includedOutputs, includedUses, replicas, unnamedTrainers } from './uses.ts';

/** Raised by hand when the meaning of a rule changes while its name stays. */
const revision = 15;

/** Every table that decides. What is code alone is covered by the revision. */
const tables = [
  rules,
  ...[includedUses, forbiddenWith, replicas, includedOutputs, unnamedTrainers],
  ...[cawgUses, byValue],
];

/** Names the rules that a decision was made by: revision and the first twelve digits of the sha256 of their tables. */
export const ruleVersion = `${revision}-${createHash('sha256')
  .update(JSON.stringify([revision, ...tables]))
  .digest('hex')
  .slice(0, 12)}`;

/**
 * Refuses a question that names other rules than these: their code is not kept, and an answer by these would pass for theirs (ADR 0094).
 * @throws BacklotError `other-rules`
 */
export function requireRules(named: string | undefined): void {
  if (named === undefined || named === ruleVersion) return;
  throw new BacklotError('other-rules', {
    expected: `rules ${ruleVersion}, which this version of Backlot decides by`,
    where: 'the version of the rules that was asked for',
    found: named,
    remedy:
      'What other rules decided stands in the records of that time (snapshots, seals, exports) and is not computed again here. Ask the version of Backlot that has them, or name none to decide by these.',
  });
}
