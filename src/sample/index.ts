export { type BoundaryScore, boundaryScore, type FoundInFilm } from './boundaries.ts';
export { type SampleBrief, sampleBriefs } from './briefs.ts';
export { CLIP, CLIP_BYTES, type ClipPlan, planClip, renderClip } from './clips.ts';
export { type RightsCase, type StudioOptions, studioOptionsSchema } from './schema.ts';
export { type ClipJob, writeManifest, writeShard } from './shards.ts';
export { ACTIONS, type Action, CAMERAS, type Camera, TIMES, type Time, type Title } from './spec.ts';
export {
  renderStudio,
  type Studio,
  type StudioHooks,
  type StudioProgress,
  type StudioTitle,
} from './studio.ts';
export { TITLES, titleOf } from './titles.ts';
export { type Attributes, readTruth, type Truth } from './truth.ts';
