import { createHash } from 'node:crypto';
import { rules } from './rules.ts';
import { includedUses } from './uses.ts';

/** Raised by hand when the meaning of a rule changes while its name stays. */
const revision = 3;

/**
 * Names the rules that a decision was made by: revision and the first twelve digits of the sha256 of their
 * table and of the lattice of uses.
 */
export const ruleVersion = `${revision}-${createHash('sha256')
  .update(JSON.stringify([revision, rules, includedUses]))
  .digest('hex')
  .slice(0, 12)}`;
