import { pathToFileURL } from 'node:url';
import { parseRate, rateNumber } from '../media/index.ts';
import type { Clip, Item, Timeline, Transition } from './timeline.ts';

/**
 * A timeline as OpenTimelineIO 0.18 writes it (schemas Timeline.1, Stack.1, Track.1, Clip.2, Transition.1).
 * Source: opentimelineio.readthedocs.io, "File Format Specification" and "Serialized Data Documentation".
 */
export function otioOf({ name, fps, start, items }: Timeline): object {
  const children = items.map((item, i) => childOf(item, fps, i > 0 && i === items.length - 1));
  const track = { ...itemOf('Track.1', 'V1'), kind: 'Video', children };
  const tracks = { ...itemOf('Stack.1', 'tracks'), children: [track] };
  const global_start_time = start === null ? null : timeOf(start, fps);
  return { OTIO_SCHEMA: 'Timeline.1', metadata: {}, name, global_start_time, tracks };
}

/** The timeline's text. */
export const otioText = (timeline: Timeline): string => `${JSON.stringify(otioOf(timeline), null, 2)}\n`;

const itemOf = (schema: string, name: string) => ({
  ...{ OTIO_SCHEMA: schema, metadata: {}, name, source_range: null },
  ...{ effects: [], markers: [], enabled: true },
});

const childOf = (item: Item, fps: string, isTail: boolean): object =>
  item.kind === 'clip' ? clipOf(item) : transitionOf(item, fps, isTail);

function clipOf({ name, path, fps, mediaStart, mediaFrames, from, frames, metadata }: Clip): object {
  const available_range = rangeOf(mediaStart, mediaFrames, fps);
  const media = {
    ...{ OTIO_SCHEMA: 'ExternalReference.1', metadata: {}, name, available_range },
    ...{ available_image_bounds: null, target_url: pathToFileURL(path).href },
  };
  return {
    ...itemOf('Clip.2', name),
    metadata: { backlot: metadata },
    source_range: rangeOf(mediaStart + from, frames, fps),
    media_references: { DEFAULT_MEDIA: media },
    active_media_reference_key: 'DEFAULT_MEDIA',
  };
}

const transitionOf = ({ type, frames }: Transition, fps: string, isTail: boolean) => ({
  ...{ OTIO_SCHEMA: 'Transition.1', metadata: { backlot: { type } }, name: type },
  ...{ in_offset: timeOf(isTail ? frames : 0, fps), out_offset: timeOf(isTail ? 0 : frames, fps) },
  transition_type: type === 'wipe' ? 'SMPTE_Wipe' : 'SMPTE_Dissolve',
});

/** A rate is the exact quotient: 24000/1001, never 23.976. */
const timeOf = (value: number, fps: string) => ({
  ...{ OTIO_SCHEMA: 'RationalTime.1', rate: rateNumber(parseRate(fps)), value },
});

const rangeOf = (start: number, frames: number, fps: string) => ({
  OTIO_SCHEMA: 'TimeRange.1',
  start_time: timeOf(start, fps),
  duration: timeOf(frames, fps),
});
