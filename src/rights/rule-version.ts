import { createHash } from 'node:crypto';
import { rules } from './rules.ts';

/** Raised by hand when the meaning of a rule changes while its name stays. */
const revision = 1;

/**
 * Names the rules that a decision was made by: revision and the first twelve digits of the table's sha256.
 */
export const ruleVersion = `${revision}-${createHash('sha256')
  .update(JSON.stringify([revision, rules]))
  .digest('hex')
  .slice(0, 12)}`;
