export { boxAt, outermostBoxes } from './boxes.ts';
export * from './check.ts';
export type { Crop, DecodeOptions } from './decode-options.ts';
export * from './encode.ts';
export * from './encode-film.ts';
export { decodeFrames, type OnFrame } from './frames.ts';
export { isText, noFilm } from './no-picture.ts';
export { packetTimes } from './packet-times.ts';
export { planarBytes, rgbOf, type Weights, weightsOf } from './planar.ts';
export { pngOf } from './png.ts';
export { type PictureFacts, type ProbeFacts, probe, type TrackFacts, type VideoFacts } from './probe.ts';
export { type FieldLook, type FieldsFirst, type Pulldown, stretchesOf } from './pulldown.ts';
export * from './rate.ts';
export { fileUrl, mediaThreads, type RunOptions, runFfmpeg, runFfprobe } from './run.ts';
export { withScratch } from './scratch.ts';
export { type Seek, seekLead } from './seek.ts';
export {
  filmHash,
  gapsOf,
  isPattern,
  patternsOf,
  type Sequence,
  sequenceAt,
  sequenceHash,
  sequenceName,
} from './sequence.ts';
export { frameShownAt, type ShownTimes, shownFrame, shownTimecode, shownTimes } from './shown-times.ts';
export { decodeSound, soundRate } from './sound.ts';
export type { OnStill, Still } from './still-files.ts';
export {
  decodeStills,
  decodeStillsNear,
  decodeWithStills,
  type StillOptions,
  type StillsOptions,
  type TimedFrame,
} from './stills.ts';
export { scriptSubtitles, trackSubtitles } from './subtitles.ts';
export { frameOf, framesOfDay, isTimecode, readTimecodeTag, timecodeOf } from './timecode.ts';
export { canToneMap, hasAlpha, isLightUntold, widePrimaries } from './tone-map.ts';
