// What a film really shows. Opened by the sample studio, the checker and benches alone, never by a stage.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type FilmGeometry, geometryOf } from './film.ts';
import type { FilmPlan } from './plan.ts';
import { ACTIONS, CAMERAS, TIMES } from './spec.ts';
import type { Span, Timeline } from './timeline.ts';

const attributesSchema = z.strictObject({
  characters: z.array(z.string()),
  set: z.string(),
  action: z.enum(ACTIONS),
  camera: z.enum(CAMERAS),
  time: z.enum(TIMES),
});

const truthShotSchema = z.strictObject({
  in: z.int().min(0),
  out: z.int().min(1),
  kind: z.enum(['opening', 'story', 'credits']),
  scene: z.int().nullable(),
  caption: z.string().nullable(),
  guest: z.boolean(),
  attributes: attributesSchema.nullable(),
});

/** Frames are 0-based decoded frames; `active` is the picture without bars, in pixels. */
export const truthSchema = z.strictObject({
  title: z.string(),
  name: z.string(),
  file: z.string(),
  frames: z.int(),
  fps: z.string(),
  startTimecode: z.string(),
  width: z.int(),
  height: z.int(),
  active: z.strictObject({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
  shots: z.array(truthShotSchema),
  transitions: z.array(
    z.strictObject({ start: z.int(), end: z.int(), type: z.enum(['cut', 'fade', 'dissolve']) }),
  ),
});

export type Truth = z.infer<typeof truthSchema>;
export type Attributes = z.infer<typeof attributesSchema>;

export function truthOf(plan: FilmPlan, timeline: Timeline, file: string): Truth {
  const { width, height, active }: FilmGeometry = geometryOf(plan);
  const { fps, startTimecode, title } = plan;
  return {
    title: title.slug,
    name: title.name,
    file,
    frames: timeline.frames,
    fps,
    startTimecode,
    width,
    height,
    active: { ...active },
    shots: timeline.spans.map(truthShot),
    transitions: timeline.transitions.map((t) => ({ ...t })),
  };
}

function truthShot({ part, in: start, out }: Span): Truth['shots'][number] {
  if (part.kind !== 'story')
    return { in: start, out, kind: part.kind, scene: null, caption: null, guest: false, attributes: null };
  const { character, set, action, camera, time } = part.words;
  const attributes = { characters: [character.name], set: set.name, action, camera, time };
  return {
    in: start,
    out,
    kind: 'story',
    scene: part.scene,
    caption: part.caption,
    guest: part.guest,
    attributes,
  };
}

export const readTruth = async (path: string): Promise<Truth> =>
  truthSchema.parse(JSON.parse(await readFile(path, 'utf8')));
