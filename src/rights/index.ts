export { decideSome } from './around.ts';
export type { Asked } from './ask.ts';
export { assumptionsOf } from './assumed.ts';
export { decideShots } from './bulk.ts';
export { sharesAt } from './chain.ts';
export { decide, type Question } from './decide.ts';
export { decisionDigest } from './digest.ts';
export { byUrgency, dutiesIn, standingOf } from './duty-list.ts';
export { importLedger } from './import.ts';
export {
  appearsIn,
  bearersOf,
  matchTitle,
  type NamedFile,
  namedOf,
  names,
  plainName,
  titlesNaming,
} from './match.ts';
export { plainKey, wordsIn } from './name-forms.ts';
export { nameable } from './nameable.ts';
export { notCleared } from './not-cleared.ts';
export { type Named, type NameFinder, nameFinder } from './person-names.ts';
export { type Decided, newestDecisions, recordedOutcomes } from './recorded.ts';
export { type NewRefusal, newRefusals, restingOnRefusal } from './refusals.ts';
export { type RefusedBetween, type RefusedSince, refusedSince } from './refused-since.ts';
export { importRegister } from './register.ts';
export { type Resting, restsSince, usesSince } from './resting.ts';
export { type Planned, planRevoke, refusedAfter, revoke } from './revoke.ts';
export { ruleVersion } from './rule-version.ts';
export type { Outcome, RuleName } from './rules.ts';
export * from './schema.ts';
export { divisorOf, type Fraction, isWhole, parseShare, sumShares } from './shares.ts';
export { BLOCKING, recordStanding, type Standing, standing, withdrawnSince } from './standing.ts';
export { currentLedger, ledgerById, newestRecording, type StoredLedger } from './store.ts';
export { ledgerTemplate, writeTemplate } from './template.ts';
export { today } from './today.ts';
export { type Setting, unlock } from './unlock.ts';
export { narrowerUses, type OutputKind, type Trainer, type Use, usesFor } from './uses.ts';
export { withdrawnShots } from './withdrawn-shots.ts';
