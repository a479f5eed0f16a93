export { clearSnapshot } from './clear.ts';
export { freeze } from './freeze.ts';
export { operations } from './operations.ts';
export * from './schema.ts';
export { getSnapshot, listClips, listSnapshots, type SnapshotClip } from './store.ts';
export { readOrigins, verifySnapshot } from './verify.ts';
