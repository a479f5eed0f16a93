import { createHash } from 'node:crypto';
import { rules } from './rules.ts';
import { forbiddenWith, includedUses } from './uses.ts';

/** Raised by hand when the meaning of a rule changes while its name stays. */
const revision = 7;

/**
 * Names the rules that a decision was made by: revision and the first twelve digits of the sha256 of their
 * table and of the lattices of uses.
 */
export const ruleVersion = `${revision}-${createHash('sha256')
  .update(JSON.stringify([revision, rules, includedUses, forbiddenWith]))
  .digest('hex')
  .slice(0, 12)}`;
