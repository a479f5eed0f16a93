export { copiesOf, knownCopies } from './copies/copies.ts';
export type { Choice, Copy } from './copies/schema.ts';
export { keptTogether, leftOut } from './copies/stays.ts';
export { filesWithoutPrints, listChoices } from './copies/store.ts';
export { namesRead } from './credits.ts';
export { detectFile } from './detect-file.ts';
export { detectShots } from './detect-shots.ts';
export { createDetector, type Detector, type Found, tiled } from './detector.ts';
export { seenHeight, seenWidth } from './history.ts';
export { lightOf } from './light.ts';
export { lookBytes, lookOf } from './look.ts';
export { purgePictures } from './purge.ts';
export type {
  DetectorName,
  FoundInFile,
  FoundTransition,
  Rectangle,
  Shot,
  ShotFacts,
  Span,
  Transition,
} from './schema.ts';
export { activePicture, getShot, listShots, listTransitions, passMarks, shotsMark } from './store.ts';
