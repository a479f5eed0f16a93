export { baseInput, SHIPPED_BASE } from './base.ts';
export * from './context.ts';
export {
  canonical,
  type EngineRunner,
  type EngineRunResult,
  type JobDraft,
  localEngine,
  outcomeOf,
} from './engine-process.ts';
export { firstMetric } from './events.ts';
export { fileHash, folderHash } from './hash.ts';
export { type Lesson, learn, progressOf, SAMPLING, stepsFor } from './learning.ts';
export { type Holder, holderOf, locked, takeLock } from './lock.ts';
export type { JobRow, JobState, Queue } from './queue.ts';
export { currentUser, handle, handleAlone, openSession, type Session } from './session.ts';
export { urlOf } from './urls.ts';
export { workspacePaths } from './workspace.ts';
