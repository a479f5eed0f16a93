import type { ClipLine } from '../contract/index.ts';
import type { FieldsFirst } from '../media/index.ts';
import type { ClipShape, LeftOut } from './export-schema.ts';
import { type Box, coverCrop } from './geometry.ts';
import { type FrameTable, nearestFrames } from './sampling.ts';
import type { ClipOrigin } from './schema.ts';
import { type Ask, fitting } from './targets.ts';

/** What cutting a master anew needs to know of it. */
export interface Master {
  sha256: string;
  path: string;
  table: FrameTable;
  /** Active picture, in pixels of the decoded picture. */
  picture: Box;
  /** Active pictures of shots that have one of their own, by the shot's id. */
  pictures: ReadonlyMap<string, Box>;
  sampleAspect: string;
  /** How its missing fields are filled in, for clips that were frozen so. */
  interlaced: boolean | FieldsFirst;
}

/** A clip of a snapshot and the master that it shows. */
export interface Source {
  line: ClipLine;
  origin: ClipOrigin;
  master: Master;
}

/** A video to be cut: `frames` are decoded frames of the master, one for each frame of the video. */
export interface PlannedVideo extends Source {
  frames: number[];
  crop: Box;
}

export interface ExportPlan {
  shape: ClipShape;
  videos: PlannedVideo[];
  leftOut: LeftOut[];
}

/**
 * For each clip of the snapshot one video of the same stretch of film, never a frame outside it, at the target's rate
 * and size; or the reason why there is none. Nothing is retimed, repeated or enlarged.
 */
export function planExport(sources: readonly Source[], ask: Ask): ExportPlan {
  const slots = sources.map(({ master, origin }) => nearestFrames(master.table, spanOf(origin), ask.fps));
  const shape = shapeOf(
    slots.map((own) => own.length),
    ask,
  );
  const plan: ExportPlan = { shape, videos: [], leftOut: [] };
  for (const [i, source] of sources.entries()) {
    const frames = (slots[i] as number[]).slice(0, shape.frames + ask.spare);
    const crop = coverCrop(pictureOf(source), source.master.sampleAspect, shape);
    const reason = reasonAgainst(source, frames, crop, ask, shape);
    if (reason === null) plan.videos.push({ ...source, frames, crop });
    else plan.leftOut.push({ clip: source.line.id, shot: source.line.shot, reason });
  }
  return plan;
}

const pictureOf = ({ origin, master }: Source): Box => master.pictures.get(origin.shot) ?? master.picture;

/** From the first frame of the clip to its last, both included. */
const spanOf = ({ frames }: ClipOrigin) => ({ in: frames[0] ?? 0, out: (frames.at(-1) ?? 0) + 1 });

/** Clips too short for the least that the target takes do not count: they are left out. */
function shapeOf(slots: readonly number[], { frames, fps, width, height, ...rule }: Ask): ClipShape {
  const fits = slots.map((count) => fitting(count, rule)).filter((count) => count > 0);
  const least = fits.reduce((most, count) => Math.min(most, count), fits[0] ?? rule.step + 1);
  return { frames: frames ?? least, fps, width, height };
}

function reasonAgainst(
  { line }: Source,
  frames: readonly number[],
  crop: Box,
  { spare }: Ask,
  shape: ClipShape,
): string | null {
  if (line.caption === '') return 'no_caption';
  if (crop.width < shape.width || crop.height < shape.height) return 'picture_too_small';
  if (frames.length < shape.frames + spare) return 'too_short';
  return new Set(frames).size < frames.length ? 'too_few_frames' : null;
}
