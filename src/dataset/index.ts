export { askedFor, clearForRun } from './clear.ts';
export { freeze } from './freeze.ts';
export { coverCrop } from './geometry.ts';
export { clipFolders, indexFolder, purgeCaptions, purgeIndex, purgeSnapshot } from './purge.ts';
export { nearestFrames } from './sampling.ts';
export * from './schema.ts';
export { inWords } from './show.ts';
export { getSnapshot, listClips, listSnapshots, type SnapshotClip } from './store.ts';
export { readOrigins, verifySnapshot } from './verify.ts';
