import { z } from 'zod';
import { messageOf } from '../contract/index.ts';
import { parseRate, rateNumber } from '../media/index.ts';
import {
  coveredBy,
  decoded,
  emptyTimeline,
  type Mix,
  mixes,
  mixNamed,
  nameMedium,
  type ReadTimeline,
  unreadable,
} from './timeline.ts';

const timeSchema = z.looseObject({ rate: z.number().positive(), value: z.number() });
const rangeSchema = z.looseObject({ start_time: timeSchema, duration: timeSchema });
const mediaSchema = z.looseObject({
  available_range: rangeSchema.nullish(),
  target_url: z.string().nullish(),
});
const childSchema = z.looseObject({
  OTIO_SCHEMA: z.string(),
  name: z.string().default(''),
  source_range: rangeSchema.nullish(),
  in_offset: timeSchema.nullish(),
  out_offset: timeSchema.nullish(),
  transition_type: z.string().default(''),
  media_reference: mediaSchema.nullish(),
  media_references: z.record(z.string(), mediaSchema.nullable()).nullish(),
  active_media_reference_key: z.string().default('DEFAULT_MEDIA'),
  metadata: z
    .looseObject({ backlot: z.looseObject({ type: z.enum(mixes).optional().catch(undefined) }).nullish() })
    .nullish(),
});
const trackSchema = z.looseObject({
  OTIO_SCHEMA: z.string(),
  kind: z.string().default('Video'),
  children: z.array(childSchema).default([]),
});
const timelineSchema = z.looseObject({
  OTIO_SCHEMA: z.string().startsWith('Timeline.'),
  name: z.string().default(''),
  global_start_time: timeSchema.nullish(),
  tracks: z.looseObject({ children: z.array(trackSchema) }),
});

type Child = z.infer<typeof childSchema>;
type Time = z.infer<typeof timeSchema>;

/** Reads an OpenTimelineIO timeline at the film's rate. @throws BacklotError `cut-unreadable` */
export function readOtio(text: string, fps: string): ReadTimeline {
  const { name, global_start_time: start, tracks } = timelineIn(text);
  const videos = tracks.children.filter((track) => track.kind === 'Video');
  const read = emptyTimeline(name, start ? framesIn(start, fps) : null);
  const [track, ...others] = videos;
  if (!track) return unreadable('OTIO timeline', 'a video track', 'none');
  const shows = ({ children }: typeof track) =>
    children.some(({ OTIO_SCHEMA: kind }) => !kind.startsWith('Gap.'));
  read.covers.push(...coveredBy(others.filter(shows).length));
  for (const child of track.children) addChild(read, child, fps);
  return read;
}

function timelineIn(text: string) {
  try {
    return timelineSchema.parse(JSON.parse(text));
  } catch (error) {
    return unreadable('OTIO file', 'a Timeline with tracks', messageOf(error).slice(0, 200));
  }
}

/** `read.frames` is where the next child begins. */
function addChild(read: ReadTimeline, child: Child, fps: string): void {
  const at = read.frames;
  if (child.OTIO_SCHEMA.startsWith('Transition.')) {
    const [before, after] = [child.in_offset, child.out_offset].map((time) =>
      time ? framesIn(time, fps) : 0,
    );
    read.transitions.push({ type: mixOf(child), from: at - (before ?? 0), to: at + (after ?? 0) });
    return;
  }
  const range = child.source_range ?? mediaOf(child)?.available_range;
  if (!range) {
    unreadable(`OTIO item ${JSON.stringify(child.name)}`, 'a source range or a known medium', 'neither');
  }
  read.frames += framesIn(range.duration, fps);
  if (child.OTIO_SCHEMA.startsWith('Gap.')) read.notices.push(`a gap of ${read.frames - at} frames`);
  else {
    read.clips.push({ name: child.name, from: at, to: read.frames });
    nameMedium(read, decoded(mediaOf(child)?.target_url ?? undefined));
  }
}

const mediaOf = (child: Child) =>
  child.media_references?.[child.active_media_reference_key] ?? child.media_reference;

/** Adapters call every type a dissolve and keep the effect's name; one that they make up names the clips too. */
function mixOf({ metadata, name, transition_type: type }: Child): Mix {
  const own = type !== '' && name.startsWith(type) ? '' : name;
  return metadata?.backlot?.type ?? mixNamed(`${type} ${own}`);
}

/** Frames off a whole number that a rate written as 23.976 for 24000/1001 makes in a day. */
const slack = 0.1;

function framesIn({ value, rate }: Time, fps: string): number {
  const frames = (value / rate) * rateNumber(parseRate(fps));
  // Rates that differ by less than a thousandth of a frame a second are one rate, written in two ways.
  const same = Math.abs(rate - rateNumber(parseRate(fps))) < 0.001;
  const whole = Math.round(same ? value : frames);
  if (Math.abs((same ? value : frames) - whole) <= slack) return whole;
  return unreadable('OTIO time', `a whole frame at ${fps} frames a second`, `${value} at ${rate}`);
}
