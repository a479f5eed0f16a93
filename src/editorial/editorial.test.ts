import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPackages, readWith } from '../../test/support/python.ts';
import { frameOf, framesOfDay } from '../media/index.ts';
import {
  formatOf,
  type Item,
  lengthOf,
  type Mix,
  placedItems,
  type ReadTimeline,
  shotsOf,
  type Timeline,
  tailOf,
} from './index.ts';

const path = '/films/täke "one" & <two> #1.mov';

/** A film of one medium, told by the lengths of its shots and of the transitions before and after them. */
function filmOf(fps: string, dropFrame: boolean, startTimecode: string, parts: readonly Part[]): Timeline {
  const start = frameOf(startTimecode, fps, null, dropFrame);
  let from = 0;
  const items: Item[] = parts.flatMap((part, i): Item[] => {
    if (typeof part !== 'number') return [{ kind: 'transition', ...part }];
    const common = {
      kind: 'clip' as const,
      path,
      fps,
      mediaStart: start,
      mediaFrames: 100_000,
      frames: part,
    };
    const clip = { ...common, name: `Shot ${i}`, from, metadata: { shot: `sht_${i}` } };
    from += part;
    return [clip];
  });
  return { name: 'The film', fps, dropFrame, start, items };
}

type Part = number | { type: Mix; frames: number };

/** An EDL that would pass midnight begins at hour one, as its labels end at 23:59. */
function startIn(kind: string, { start, fps, dropFrame, items }: Timeline): number | null {
  const passes = (start ?? 0) + lengthOf(items) >= framesOfDay(fps, dropFrame);
  return kind === 'edl' && passes ? frameOf('01:00:00:00', fps, null, dropFrame) : start;
}

/** What a reader must find: everything in its place, counted from the first frame. */
function meant(film: Timeline, kind = 'otio'): ReadTimeline {
  const { name, items } = film;
  const placed = placedItems(items);
  const clips = placed.flatMap((item) =>
    item.kind === 'clip' ? [{ name: item.name, from: item.at, to: item.at + item.frames }] : [],
  );
  const transitions = placed.flatMap((item) =>
    item.kind === 'transition' ? [{ type: item.type, from: item.at, to: item.at + item.frames }] : [],
  );
  const start = startIn(kind, film);
  const media = [...new Set(items.flatMap((item) => (item.kind === 'clip' ? [basename(item.path)] : [])))];
  const rest = { media, covers: [], notices: [] };
  return { name, start, frames: lengthOf(items), clips, transitions, ...rest };
}

const parts: Part[] = [
  { type: 'fade', frames: 12 },
  48,
  37,
  { type: 'dissolve', frames: 25 },
  120,
  { type: 'wipe', frames: 8 },
  9,
  { type: 'fade', frames: 7 },
];

const cases = [
  { name: 'ntsc-film', film: filmOf('24000/1001', false, '01:00:00:00', parts) },
  { name: 'drop', film: filmOf('30000/1001', true, '00:59:58;00', [1800, 1798, ...parts, 90_000, 1]) },
  { name: 'non-drop', film: filmOf('30000/1001', false, '00:59:58:00', [1800, ...parts.slice(1, 7)]) },
  { name: 'midnight', film: filmOf('24000/1001', false, '23:59:58:00', [22, 26, ...parts.slice(1, 7)]) },
  {
    name: 'midnight-drop',
    film: filmOf('30000/1001', true, '23:59:58;00', [...parts.slice(0, 2), ...parts.slice(3)]),
  },
  { name: 'pal', film: filmOf('25', false, '10:00:00:00', parts.slice(1, 7)) },
  {
    name: 'high',
    film: filmOf('60000/1001', true, '01:00:00;00', [3600, { type: 'dissolve', frames: 25 }, 4000]),
  },
];
const kinds = ['otio', 'edl', 'xml'] as const;

/** What counts of a cut: where its shots and mixes lie. */
const seen = (read: ReadTimeline) => {
  const { clips: _, ...rest } = read;
  return { ...rest, shots: shotsOf(read) };
};

describe('a cut that is written and read again', () => {
  for (const { name, film } of cases) {
    for (const kind of kinds) {
      it(`is the same to the frame: ${name}.${kind}`, () => {
        const { write, read } = formatOf(`cut.${kind}`);
        expect(seen(read(write(film), film.fps))).toEqual(seen(meant(film, kind)));
      });
    }
  }

  it('is the same whatever the lengths, mixes and rates', () => {
    const rates = fc.constantFrom(
      ...([
        ['24000/1001', false],
        ['30000/1001', true],
        ['30000/1001', false],
        ['24', false],
        ['60000/1001', true],
      ] as const),
    );
    const hours = fc.constantFrom('00', '23');
    const shot = fc.integer({ min: 60, max: 3000 });
    const mix = fc.record({
      type: fc.constantFrom<Mix>('dissolve', 'fade', 'wipe'),
      frames: fc.integer({ min: 1, max: 60 }),
    });
    const joined = fc.array(fc.tuple(shot, fc.option(mix)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rates, hours, joined, fc.option(mix), ([fps, drop], hour, shots, head) => {
        const all = [
          ...(head ? [head] : []),
          ...shots.flatMap(([length, tail]): Part[] => (tail ? [length, tail] : [length])),
        ];
        const film = filmOf(fps, drop, `${hour}:59:58${drop ? ';' : ':'}00`, all);
        for (const kind of kinds) {
          const { write, read } = formatOf(`cut.${kind}`);
          expect(seen(read(write(film), fps))).toEqual(seen(meant(film, kind)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('counts drop-frame time as the clock does', () => {
    const edl = formatOf('x.edl').write(cases[1]?.film as Timeline);
    expect(edl).toContain('FCM: DROP FRAME');
    // Frames 00 and 01 of each minute but every tenth do not exist.
    expect(edl).toMatch(/ 00:59:58;00 01:00:58;00 00:59:58;00 01:00:58;00\n/);
    expect(edl).toMatch(/ 01:00:58;00 01:01:58;00 01:00:58;00 01:01:58;00\n/);
  });

  it('passes midnight by the labels of the film where it can, and counts on in the one out that needs it', () => {
    const { write } = formatOf('x.edl');
    const over = write(filmOf('24000/1001', false, '23:59:58:00', [22, 30, 20]));
    expect(over).toMatch(/ 23:59:58:00 23:59:58:22 01:00:00:00 01:00:00:22\n/);
    expect(over).toMatch(/ 23:59:58:22 24:00:00:04 01:00:00:22 01:00:02:04\n/);
    expect(over).toMatch(/ 00:00:00:04 00:00:01:00 01:00:02:04 01:00:03:00\n/);
    expect(write(filmOf('25', false, '23:59:58:00', [49]))).toMatch(/ 23:59:58:00 23:59:59:24\n/);
  });

  it('is read over midnight, as others write it', () => {
    const wrapped = [
      '001 A V C 00:00:00;00 00:00:01;18 23:59:58;12 00:00:00;00',
      '002 A V C 00:00:01;18 00:01:00;02 00:00:00;00 00:00:58;12',
      '003 A V C 00:00:00;00 00:00:03;00 00:00:58;12 00:01:01;14',
    ];
    const { start, frames, clips } = formatOf('x.edl').read(wrapped.join('\n'), '30000/1001');
    expect([start, frames]).toEqual([framesOfDay('30000/1001', true) - 48, 1890]);
    expect(clips.map(({ from, to }) => [from, to])).toEqual([
      [0, 48],
      [48, 1800],
      [1800, 1890],
    ]);
  });
});

describe('a cut that others read', () => {
  let folder: string;
  let held: Record<string, Record<string, Held>>;
  let missing: string | null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backlot cuts '));
    missing = await missingPackages('opentimelineio', 'otio_cmx3600_adapter', 'otio_fcp_adapter');
    if (missing) return;
    for (const { name, film } of cases) {
      for (const kind of kinds)
        await writeFile(join(folder, `${name}.${kind}`), formatOf(`x.${kind}`).write(film));
    }
    // The adapter writes no cut that begins or ends with a transition.
    const list = cases.map(({ name, film }) => ({
      name,
      rate: film.fps,
      kinds,
      again: film.items[0]?.kind === 'clip' && film.items.at(-1)?.kind === 'clip',
    }));
    await writeFile(join(folder, 'cuts.json'), JSON.stringify(list));
    held = (await readWith('exchange_cut.py', [folder], join(folder, 'home'))) as typeof held;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  for (const { name, film } of cases) {
    for (const kind of kinds) {
      it(`has every frame where it was, by OpenTimelineIO's own reader: ${name}.${kind}`, (test) => {
        if (missing) return test.skip(missing);
        const { items, ...about } = (held[name] as Record<string, Held>)[kind] as Held;
        // The EDL adapter keeps no start; its source times say it.
        expect(about).toEqual({ name: 'The film', start: kind === 'edl' ? null : film.start });
        expect(items.filter((item) => !('clip' in item && item.black))).toEqual(
          film.items.map((item, i) => asHeld(item, i, film, kind)),
        );
      });
    }

    it(`is read as it was when OpenTimelineIO writes it: ${name}`, async (test) => {
      if (missing) return test.skip(missing);
      const again = async (kind: 'edl' | 'xml') =>
        formatOf(`x.${kind}`).read(await readFile(join(folder, `${name}.again.${kind}`), 'utf8'), film.fps);
      const { frames, shots, transitions } = seen(meant(film));
      const places = (list: readonly { from: number; to: number }[]) =>
        list.map(({ from, to }) => ({ from, to }));
      const xml = await again('xml');
      expect([xml.frames, places(shotsOf(xml)), places(xml.transitions)]).toEqual([
        frames,
        places(shots),
        places(transitions),
      ]);
      if (film.items[0]?.kind !== 'clip' || film.items.at(-1)?.kind !== 'clip') return;
      const edl = await again('edl');
      expect([edl.frames, places(shotsOf(edl)), places(edl.transitions)]).toEqual([
        frames,
        places(shots),
        places(transitions),
      ]);
    });
  }
});

interface Held {
  name: string;
  start: number | null;
  items: ({ clip: string; black: boolean } | { transition: number[] })[];
}

/** A clip or transition as the reader of a format should hold it; an EDL ends the last clip where black comes in. */
function asHeld(item: Item, i: number, film: Timeline, kind: (typeof kinds)[number]) {
  const isTail = i > 0 && i === film.items.length - 1;
  const tail = kind === 'edl' && i === film.items.length - 2 ? tailOf(film.items) : 0;
  if (item.kind === 'transition')
    return { transition: isTail && kind !== 'edl' ? [item.frames, 0] : [0, item.frames] };
  const url = pathToFileURL(path);
  const urls = { otio: url.href, edl: path, xml: `file://localhost${url.pathname}` };
  const count = item.mediaStart + item.from;
  // Labels alone stand in an EDL, and they begin anew at midnight.
  const from = kind === 'edl' ? count % framesOfDay(item.fps, film.dropFrame) : count;
  return { clip: item.name, black: false, from, frames: item.frames - tail, url: urls[kind] };
}

describe('a cut that cannot be read', () => {
  const refused = (ending: string, text: string) =>
    expect(() => formatOf(`cut.${ending}`).read(text, '24')).toThrow(
      expect.objectContaining({ code: 'cut-unreadable' }),
    );

  it('is refused with what was expected, not guessed', () => {
    refused('edl', 'TITLE: nothing');
    refused('otio', '{"OTIO_SCHEMA": "SerializableCollection.1", "children": []}');
    refused('otio', 'no json');
    refused('xml', '<xmeml><unclosed></xmeml>');
    refused('xml', '<fcpxml version="1.9"><resources/></fcpxml>');
    refused('xml', formatOf('x.xml').write(filmOf('25', false, '01:00:00:00', [10])));
    expect(() => formatOf('cut.aaf')).toThrow('.otio, .edl, .xml');
  });

  it('opens nothing that it names and knows no entity of its own', () => {
    const entity =
      '<!DOCTYPE xmeml [<!ENTITY f SYSTEM "file:///etc/hostname">]><xmeml><sequence><name>&f;</name></sequence></xmeml>';
    refused('xml', entity);
  });

  it('says what it left aside', () => {
    const edl = [
      'TITLE: Sound and picture',
      '001  AX       AA    C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00',
      '002  REEL     AA/V  C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00',
      '003  REEL     V     C        01:00:00:00 01:00:01:00 01:00:03:00 01:00:04:00',
    ].join('\r\n');
    const read = formatOf('x.edl').read(edl, '24');
    expect(read.clips).toEqual([
      { name: '', from: 0, to: 48 },
      { name: '', from: 72, to: 96 },
    ]);
    expect(read.notices).toEqual([
      '1 events without a picture are not read',
      'a gap of 24 frames before event 003',
    ]);
  });
});
