export { checkerIn, checkTakes, readTakes, SHIPPED_CHECKER, shippedChecker } from './check.ts';
export { wilson } from './interval.ts';
export { html, type Markup } from './page/html.ts';
export { renderReport } from './page/page.ts';
export { type Rates, usableRates } from './rates.ts';
export {
  markWithdrawn,
  purgeReportPictures,
  refreshReport,
  reportDrafts,
  reportedTakes,
  reportPictures,
  writeReport,
} from './report.ts';
export { purgeReportWords, reportCopies, reportsUnread } from './report-words.ts';
export * from './schema.ts';
export { listChecks, listVerdicts, saveCheck } from './store.ts';
export { type Judgement, usable } from './usable.ts';
export { giveVerdict, importVerdicts } from './verdict.ts';
