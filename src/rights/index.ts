export { type Asked, decideShots } from './bulk.ts';
export { decide, type Question } from './decide.ts';
export { importLedger } from './import.ts';
export { operations } from './operations.ts';
export { ruleVersion } from './rule-version.ts';
export type { Outcome, RuleName } from './rules.ts';
export * from './schema.ts';
export { currentLedger, type StoredLedger } from './store.ts';
export { ledgerTemplate, writeTemplate } from './template.ts';
