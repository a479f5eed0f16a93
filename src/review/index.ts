export { wilson } from './interval.ts';
export { operations } from './operations.ts';
export { renderReport } from './page/page.ts';
export { type Rates, usableRates } from './rates.ts';
export { refreshReport, writeReport } from './report.ts';
export * from './schema.ts';
export { listChecks, listVerdicts, saveCheck } from './store.ts';
export { type Judgement, usable } from './usable.ts';
export { giveVerdict, importVerdicts } from './verdict.ts';
