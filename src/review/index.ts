export { checkTakes, readTakes, shippedChecker } from './check.ts';
export { wilson } from './interval.ts';
export { renderReport } from './page/page.ts';
export { type Rates, usableRates } from './rates.ts';
export { refreshReport, writeReport } from './report.ts';
export * from './schema.ts';
export { listChecks, listVerdicts, saveCheck } from './store.ts';
export { type Judgement, usable } from './usable.ts';
export { giveVerdict, importVerdicts } from './verdict.ts';
