export { AUDIT_START, type AuditEntry, type AuditStored, appendAudit, auditHash } from './audit.ts';
export {
  type AuditHead,
  auditHeadKeeper,
  auditHeads,
  headsOfLog,
  headsOfOthers,
  keepAuditHead,
  type Renewed,
  renewHeads,
  replacedWords,
  trueRoot,
} from './audit-head.ts';
export { acceptWords, behindWords } from './audit-standing.ts';
export {
  baseInput,
  clipsOfWorlds,
  EARLIER_BASES,
  isOpenBase,
  SHIPPED_BASE,
  SHIPPED_UPSCALER,
} from './base.ts';
export { canonical } from './canonical.ts';
export * from './context.ts';
export { type EngineRunner, type EngineRunResult, type JobDraft, localEngine } from './engine-process.ts';
export { firstMetric } from './events.ts';
export { handle, parseInput } from './handle.ts';
export { fileHash, folderHash } from './hash.ts';
export { jsonAs, jsonIn } from './json.ts';
export { learn, progressOf, SAMPLING, samplingOf, stepsFor } from './learning.ts';
export { livePid } from './live-run.ts';
export { type Holder, holderOf, locked } from './lock.ts';
export {
  addModel,
  keepModel,
  type ModelRow,
  modelIdFor,
  noticedWords,
  purgeNoticedWords,
  registerBase,
} from './models.ts';
export { copyOnce, makeFolder, mustBeEmpty, writeNew, writeOnce } from './new-file.ts';
export { jobIn, runsIn } from './older-runs.ts';
export { artifactSchema, artifactsIn, toldOutcome } from './outcome.ts';
export type { JobRow, JobState, Queue } from './queue.ts';
export { commandsAtWork, hasQueue, purgeQueueWords, QUEUE_TABLE, queueWords } from './queue-words.ts';
export { rateOf } from './rate.ts';
export { keptLatents, type Lesson } from './recipe.ts';
export { filesIn, removalsPath, removedFiles } from './removed.ts';
export {
  type DraftedBrief,
  jobHoldsTexts,
  jobHoldsWords,
  jobTrains,
  purgeTexts,
  purgeWords,
  textsFile,
  wordsFile,
} from './run-words.ts';
export { openSession, type Session } from './session.ts';
export { ask, converse } from './side-process.ts';
export { toldWords } from './told-words.ts';
export { urlOf } from './urls.ts';
export { isWorkspace, mustExist, socketOf, WORKSPACE_MARK, workspacePaths } from './workspace.ts';
