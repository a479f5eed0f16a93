import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Copy, CopyKind } from './schema.ts';
import { leftOut } from './stays.ts';
import type { Ranked } from './worth.ts';

const shot = (id: string, change: Partial<Ranked> = {}): Ranked => ({
  ...{ id, seconds: 4, pixels: 1280 * 720, scan: 'progressive', bitsASecond: 8e6, film: id, in: 0, out: 96 },
  ...change,
});

/** `a` shows the whole of what `b` shows, where that is cropped. */
const pair = (a: string, b: string, ...kinds: CopyKind[]): Copy => ({
  a: { shot: a, in: 0, out: 100 },
  b: { shot: b, in: 0, out: 100 },
  ...{ kinds, similarity: 0.99, speed: 1 },
});

/** Which of two shots stays, and why. */
function between(one: Ranked, other: Ranked, copy: Copy) {
  const out = leftOut([one, other], [copy], []);
  return [...out.values()].map(({ copyOf, why }) => `${copyOf}: ${why}`).join();
}

describe('of copies that nobody chose between', () => {
  it.each([
    ['the film before its trailer', shot('film'), shot('a trailer', { seconds: 1.8 }), [], 'longer'],
    [
      'the longer one, though it was scanned smaller',
      shot('film', { pixels: 720 * 480 }),
      shot('a recap', { seconds: 2.4 }),
      [],
      'longer',
    ],
    ['the whole picture before a part of it', shot('film'), shot('cropped'), ['cropped'], 'whole picture'],
    [
      'the larger picture, of which a frame was lost',
      shot('film', { seconds: 3.96 }),
      shot('a proxy', { pixels: 426 * 240 }),
      [],
      'larger picture',
    ],
    [
      'the progressive film before an interlaced copy of more bits',
      shot('film'),
      shot('a broadcast', { scan: 'interlaced', seconds: 4.1, bitsASecond: 2e7 }),
      ['retimed'],
      'progressive',
    ],
    [
      'the film before its telecined copy',
      shot('film'),
      shot('a disc', { scan: 'telecined', pixels: 1300 * 720 }),
      [],
      'progressive',
    ],
    [
      'the much larger picture, though it is interlaced',
      shot('film', { scan: 'interlaced' }),
      shot('a proxy', { pixels: 640 * 360 }),
      [],
      'larger picture',
    ],
    ['the one of more bits', shot('film'), shot('again', { bitsASecond: 1e6 }), [], 'more bits'],
    ['the first by content where all is equal', shot('a'), shot('b'), ['mirrored'], 'first of equals'],
  ] as const)('%s stays', (_, film, copy, kinds, why) => {
    expect(between(film, copy, pair(film.id, copy.id, ...kinds))).toBe(`${film.id}: ${why}`);
    expect(between(copy, film, pair(film.id, copy.id, ...kinds))).toBe(`${film.id}: ${why}`);
  });

  it('the one that most copies look like stays: the odd one is the mirrored one', () => {
    const shots = [shot('a mirrored'), shot('film'), shot('print')];
    const copies = [
      pair('a mirrored', 'film', 'mirrored'),
      pair('a mirrored', 'print', 'mirrored'),
      pair('film', 'print'),
    ];
    const out = leftOut(shots, copies, []);
    expect([...out.keys()].sort()).toEqual(['a mirrored', 'print']);
    expect(out.get('a mirrored')?.why).toBe('as most copies show it');
  });

  /** A shot of the film, and where the take shows it. */
  const piece = (id: string, [from, to]: [number, number], change: Partial<Ranked> = {}): Ranked =>
    shot(id, { film: 'film', in: from, out: to, seconds: (to - from) / 24, ...change });
  const on = (b: string, from: number, to: number): Copy => ({
    ...pair('take', b),
    a: { shot: 'take', in: from, out: to },
  });
  /** Which are left out where a film shows a take of 4 seconds as two shots, halves of it where nothing else is said. */
  const besides = (first: Ranked, second: Ranked, to = 48, from = 48) => {
    const copies = [on(first.id, 0, to), on(second.id, from, 96)];
    return [...leftOut([shot('take'), first, second], copies, [])].map(([id, { why }]) => `${id}: ${why}`);
  };

  it('one in which a boundary was missed goes before the two that another film shows', () => {
    expect(besides(piece('first', [100, 148]), piece('second', [148, 196]))).toEqual(['take: one shot']);
    expect(besides(piece('second', [148, 196]), piece('first', [100, 148]))).not.toContain('take: one shot');
  });

  it.each([
    ['which are pieces of it', piece('first', [0, 28]), piece('second', [28, 56])],
    ['between which that film shows another', piece('first', [0, 48]), piece('second', [72, 120])],
    [
      'which are scanned smaller',
      piece('first', [0, 48], { pixels: 640 * 480 }),
      piece('second', [48, 96], { pixels: 640 * 480 }),
    ],
    [
      'which are interlaced',
      piece('first', [0, 48], { scan: 'interlaced' }),
      piece('second', [48, 96], { scan: 'interlaced' }),
    ],
  ])('a long take stays before two of a film %s', (_, first, second) => {
    expect(besides(first, second).map((one) => one.split(':')[0])).toEqual(['first', 'second']);
  });

  it('the same stay, in whatever order shots and pairs come', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const shots = fc.tuple(
      ...ids.map((id) => fc.constantFrom(2.4, 4).map((seconds) => shot(id, { seconds }))),
    );
    const kinds = fc.subarray<CopyKind>(['mirrored', 'cropped', 'regraded']);
    const some = fc.uniqueArray(fc.tuple(fc.subarray(ids, { minLength: 2, maxLength: 2 }), kinds), {
      selector: ([both]) => both.join(),
    });
    const kept = (all: readonly Ranked[], copies: readonly Copy[]) => {
      const out = leftOut(all, copies, []);
      return ids.map((id) => out.get(id)?.copyOf ?? 'stays');
    };
    fc.assert(
      fc.property(shots, some, (all, links) => {
        const copies = links.map(([[a, b], how]) => pair(a as string, b as string, ...how));
        expect(kept(all.toReversed(), copies.toReversed())).toEqual(kept(all, copies));
      }),
    );
  });
});
