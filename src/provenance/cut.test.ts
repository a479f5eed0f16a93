import { expect, test } from 'vitest';
import { otioText } from '../editorial/index.ts';
import { type CutClip, timelineOf } from './cut.ts';

const clip = (take: string, frames: number, fps: string): CutClip => ({
  ...{
    take,
    name: `brief ${take}`,
    path: `/films/täke "${take}" #1.mp4`,
    frames,
    fps,
    sha256: 'f'.repeat(64),
  },
});

/** Every schema name in a document, in the order they lie. */
function schemas(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  const own = (value as { OTIO_SCHEMA?: string }).OTIO_SCHEMA;
  return [...(own ? [own] : []), ...Object.values(value).flatMap(schemas)];
}

test('a timeline is built of the schemas that OpenTimelineIO 0.18 writes', () => {
  const time = ['TimeRange.1', 'RationalTime.1', 'RationalTime.1'];
  expect(schemas(JSON.parse(otioText(timelineOf('selects', [clip('one', 17, '12')]))))).toEqual([
    ...['Timeline.1', 'Stack.1', 'Track.1', 'Clip.2', ...time, 'ExternalReference.1', ...time],
  ]);
});

test('quotes, spaces, signs and letters of any script survive in the reference to the file', () => {
  const timeline = otioText(timelineOf('selects', [clip('one', 17, '12')]));
  const url = /"target_url": "([^"]+)"/.exec(timeline)?.[1] ?? '';
  expect(url).toMatch(/^file:\/\/\/[\x21-\x7e]+$/);
  expect(decodeURIComponent(new URL(url).pathname)).toBe('/films/täke "one" #1.mp4');
});

test('a fractional rate stays the exact ratio', () => {
  const timeline = otioText(timelineOf('selects', [clip('one', 17, '24000/1001')]));
  expect(timeline).toMatch(new RegExp(`"rate": ${24000 / 1001},\\s+"value": 17`));
});
