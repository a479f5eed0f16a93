import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Clip,
  labelOf,
  lengthOf,
  type Mix,
  needTimebase,
  type Placed,
  placedItems,
  type Timeline,
} from './timeline.ts';
import { type Content, xmlText } from './xml.ts';

/** The effects of Final Cut Pro 7 that show what the mixes are; the middle one goes to black and comes from it. */
const effects: Record<Mix, string> = {
  dissolve: 'Cross Dissolve',
  fade: 'Fade In Fade Out Dissolve',
  wipe: 'Edge Wipe',
};

/**
 * A timeline as Final Cut Pro 7 XML (version 5): Apple's "Final Cut Pro XML Interchange Format", Elements Catalog.
 * Beside a transition a clip's own place is -1, and its `in` and `out` reach over the transition.
 * @throws BacklotError `rate-unfit`
 */
export function fcp7Text(timeline: Timeline): string {
  const { name, items } = timeline;
  const rate = rateOf(timeline.fps);
  const files = new Map<string, string>();
  const placed = placedItems(items);
  const track = placed.map((item, i) =>
    item.kind === 'clip' ? clipItem(item, i, placed, timeline, files) : transitionItem(item, i, placed, rate),
  );
  const start: Content[] = timeline.start === null ? [] : [timecodeOf(timeline.start, timeline)];
  const sequence: Content[] = [
    ['name', name],
    ['duration', lengthOf(items)],
    rate,
    ...start,
    [
      'media',
      [
        [
          'video',
          [
            ['format', []],
            ['track', track],
          ],
        ],
      ],
    ],
  ];
  return xmlText(['xmeml', [['sequence', sequence, { id: 'sequence-1' }]], { version: '5' }]);
}

function rateOf(fps: string): Content {
  const { timebase, ntsc } = needTimebase(fps, 'Final Cut Pro 7 XML');
  return [
    'rate',
    [
      ['timebase', timebase],
      ['ntsc', ntsc ? 'TRUE' : 'FALSE'],
    ],
  ];
}

const timecodeOf = (count: number, timeline: Pick<Timeline, 'fps' | 'dropFrame'>): Content => [
  'timecode',
  [
    rateOf(timeline.fps),
    ['string', labelOf(count, timeline)],
    ['frame', count],
    ['displayformat', timeline.dropFrame ? 'DF' : 'NDF'],
  ],
];

function clipItem(
  clip: Clip & { at: number },
  i: number,
  placed: readonly Placed[],
  timeline: Timeline,
  files: Map<string, string>,
): Content {
  const [head, tail] = [placed[i - 1], placed[i + 1]];
  const isLast = i === placed.length - 2;
  const over = tail?.kind === 'transition' && !isLast ? tail.frames : 0;
  return [
    'clipitem',
    [
      ['name', clip.name],
      ['duration', clip.mediaFrames],
      rateOf(clip.fps),
      ['start', head?.kind === 'transition' ? -1 : clip.at],
      ['end', tail?.kind === 'transition' ? -1 : clip.at + clip.frames],
      ['in', clip.from],
      ['out', clip.from + clip.frames + over],
      fileOf(clip, timeline, files),
    ],
    { id: `clipitem-${i + 1}` },
  ];
}

/** A medium is described once and named by its id afterwards. */
function fileOf(clip: Clip, { dropFrame }: Timeline, files: Map<string, string>): Content {
  const known = files.get(clip.path);
  if (known) return ['file', [], { id: known }];
  const id = `file-${files.size + 1}`;
  files.set(clip.path, id);
  const content: Content[] = [
    ['name', basename(clip.path)],
    ['pathurl', `file://localhost${pathToFileURL(clip.path).pathname}`],
    rateOf(clip.fps),
    ['duration', clip.mediaFrames],
    timecodeOf(clip.mediaStart, { fps: clip.fps, dropFrame }),
    ['media', [['video', []]]],
  ];
  return ['file', content, { id }];
}

function transitionItem(
  item: Extract<Placed, { kind: 'transition' }>,
  i: number,
  placed: readonly Placed[],
  rate: Content,
): Content {
  const alignment = i === 0 ? 'start-black' : i === placed.length - 1 ? 'end-black' : 'start';
  const effect: Content[] = [
    ['name', effects[item.type]],
    ['effectid', effects[item.type]],
    ['effecttype', 'transition'],
    ['mediatype', 'video'],
  ];
  return [
    'transitionitem',
    [['start', item.at], ['end', item.at + item.frames], ['alignment', alignment], rate, ['effect', effect]],
  ];
}
