export { knownCopies } from './copies/known.ts';
export { framesToCompare } from './copies/prints.ts';
export { rankedShots } from './copies/ranked.ts';
export type { Choice, Copy } from './copies/schema.ts';
export { keptTogether, leftOut } from './copies/stays.ts';
export { filesWithoutPrints, listChoices } from './copies/store.ts';
export { tooFlatToCompare } from './copies/too-flat.ts';
export type { Ranked } from './copies/worth.ts';
export { namesRead } from './credits.ts';
export { seenHeight, seenWidth } from './history.ts';
export { lightOf } from './light.ts';
export { lookBytes, lookOf } from './look.ts';
export { isWrittenOver, marksOf, nothingIn } from './marks.ts';
export type {
  DetectorName,
  FoundInFile,
  FoundTransition,
  Rectangle,
  Shot,
  ShotFacts,
  ShotMark,
  Span,
  Transition,
} from './schema.ts';
export {
  activePicture,
  filmSpans,
  getShot,
  listShots,
  listTransitions,
  passMarks,
  type ShotPlace,
  shotPlaces,
  shotsMark,
  spansOf,
} from './store.ts';
export { unfinishedFolders } from './unfinished.ts';

/* Who asks about a shot reads no film: what does is loaded when it is asked for. */

export const copiesOf: typeof import('./copies/copies.ts').copiesOf = async (...given) =>
  (await import('./copies/copies.ts')).copiesOf(...given);

export const detectFile: typeof import('./detect-file.ts').detectFile = async (...given) =>
  (await import('./detect-file.ts')).detectFile(...given);

export const detectShots: typeof import('./detect-shots.ts').detectShots = async (...given) =>
  (await import('./detect-shots.ts')).detectShots(...given);

export const picturesAgain: typeof import('./add-thumbnails.ts').picturesAgain = async (...given) =>
  (await import('./add-thumbnails.ts')).picturesAgain(...given);

export const printAgain: typeof import('./add-prints.ts').printAgain = async (...given) =>
  (await import('./add-prints.ts')).printAgain(...given);

export const purgePictures: typeof import('./purge.ts').purgePictures = async (...given) =>
  (await import('./purge.ts')).purgePictures(...given);
