import { describe, expect, it } from 'vitest';
import { randomOf, shot } from '../films.test-support.ts';
import { copyOf } from './copies.ts';
import { detailHeight, detailWidth } from './detail.ts';
import { findCopies, type PrintSource } from './find.ts';
import { createPrints, type Print } from './prints.ts';
import type { Copy } from './schema.ts';

const [width, height] = [64, 36];
const whole = { width, height, active: { x: 0, y: 0, width, height } };
type Frames = Uint8Array[];

/** The print of a film of one shot, which black comes before for some frames. */
function printOf(id: string, frames: Frames, picture = whole, before = 0): Print {
  const taker = createPrints(24);
  const black = Array<Uint8Array>(before).fill(new Uint8Array(3 * width * height));
  for (const frame of [...black, ...frames]) taker.add(lumaOf(frame));
  return { shot: id, file: id, ...taker.over({ in: before, out: before + frames.length }, picture) };
}

const lumaOf = (frame: Uint8Array) =>
  Float32Array.from({ length: width * height }, (_, i) => (frame[3 * i] as number) + 0);

const sourceOf = (
  prints: readonly Print[],
  detail: PrintSource['detail'] = async () => null,
): PrintSource => ({
  isNew: () => true,
  async *all() {
    yield* prints;
  },
  some: async (numbers) => numbers.map((number) => prints[number] as Print),
  detail,
});

/** Frames whose pixel at x, y is that of others at what `from` says; outside of them they are black. */
function remade(
  frames: Frames,
  from: (x: number, y: number) => [number, number],
  level = (v: number) => v,
): Frames {
  const places = Array.from({ length: width * height }, (_, i) =>
    from(i % width, Math.floor(i / width)).map(Math.round),
  );
  const at = places.map(([x = -1, y = -1]) => (isInside(x, y) ? 3 * (y * width + x) : null));
  return frames.map((frame) => {
    const out = new Uint8Array(frame.length);
    at.forEach((place, i) => {
      if (place !== null) out.set(frame.subarray(place, place + 3).map(level), 3 * i);
    });
    return out;
  });
}

const isInside = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height;

/** A frame of the detector's size as a picture in detail, whose place x, y is that of the frame at what `from` says. */
const detailOf = (frame: Uint8Array, from: (x: number, y: number) => [number, number]): Float32Array =>
  Float32Array.from({ length: detailWidth * detailHeight }, (_, i) => {
    const [across, down] = [i % detailWidth, Math.floor(i / detailWidth)];
    const [x, y] = from(((across + 0.5) * width) / detailWidth, ((down + 0.5) * height) / detailHeight);
    return frame[3 * (Math.floor(y) * width + Math.floor(x))] as number;
  });

const noisy = (frames: Frames, seed: number): Frames => {
  const random = randomOf(seed);
  return frames.map((frame) => frame.map((v) => Math.max(0, Math.min(255, v + 12 * (random() - 0.5)))));
};

const same = (x: number, y: number): [number, number] => [x, y];
const film = shot(31, 96, 0.75);
const others = Array.from({ length: 10 }, (_, i) => printOf(`other ${i}`, shot(100 + i, 72, (i % 4) / 2)));

async function copiesIn(prints: readonly Print[], detail?: PrintSource['detail']): Promise<Copy[]> {
  const copies: Copy[] = [];
  const rates = new Map<string, number>();
  for await (const found of findCopies(sourceOf(prints, detail))) copies.push(copyOf(found, rates));
  return copies;
}

/** What is found of a copy of the film among ten other shots. */
const foundOf = (copy: Print) => copiesIn([printOf('film', film), ...others, copy]);

describe('copies of a shot', () => {
  it.each([
    ['encoded anew', noisy(film, 1), []],
    ['mirrored', remade(film, (x, y) => [width - 1 - x, y]), ['mirrored']],
    ['cropped', remade(film, (x, y) => [6 + x * 0.84, 2 + y * 0.86]), ['cropped']],
    ['regraded', remade(film, same, (v) => 255 * (0.15 + 0.6 * (v / 255) ** 0.75)), ['regraded']],
    [
      'retimed by four per cent',
      Array.from({ length: 92 }, (_, i) => film[Math.floor((i * 25) / 24)] as Uint8Array),
      ['retimed'],
    ],
  ])('are found where they are %s, and none else', async (_, frames, kinds) => {
    const copies = await foundOf(printOf('copy', frames));
    expect(copies.map(({ a, b }) => [a.shot, b.shot].sort().join())).toEqual(['copy,film']);
    expect(copies[0]?.kinds).toEqual(kinds);
  });

  it('are sought again for new shots alone', async () => {
    const old = [printOf('film', film), printOf('known copy', noisy(film, 1)), ...others];
    const prints = [...old, printOf('new copy', noisy(film, 2))];
    const source = { ...sourceOf(prints), isNew: (number: number) => number === prints.length - 1 };
    const pairs: string[] = [];
    for await (const { a, b } of findCopies(source)) pairs.push([a.shot, b.shot].sort().join());
    expect(pairs.sort()).toEqual(['film,new copy', 'known copy,new copy']);
  });

  it('are found inside black bars', async () => {
    const barred = remade(film, (x, y) => [x, ((y - 5) * height) / 26]);
    const copies = await foundOf(
      printOf('copy', barred, { width, height, active: { x: 0, y: 5, width, height: 26 } }),
    );
    expect(copies).toMatchObject([{ kinds: [] }]);
  });

  it('are laid on the frames that they show, where they are cut from the middle', async () => {
    const [copy] = await foundOf(printOf('copy', film.slice(31, 75)));
    const [own, other] = copy?.a.shot === 'copy' ? [copy.a, copy.b] : [copy?.b, copy?.a];
    expect(own?.in).toBeLessThanOrEqual(6);
    expect(Math.abs((other?.in ?? 0) - (own?.in ?? 0) - 31)).toBeLessThanOrEqual(3);
  });

  it('are not other moments of one place, nor the same place seen again by another move', async () => {
    const place = shot(55, 200, 2);
    const later = printOf('later', place.slice(120, 190));
    const standing = printOf(
      'standing',
      place.slice(0, 1).flatMap((frame) => Array<Uint8Array>(60).fill(frame)),
    );
    expect(await copiesIn([printOf('early', place.slice(0, 70)), later, standing, ...others])).toEqual([]);
  });

  it('are not sought in shots under three quarters of a second', async () => {
    expect(await foundOf(printOf('copy', film.slice(31, 43)))).toEqual([]);
  });

  it('are not sought in flat pictures', async () => {
    const flat = Array.from({ length: 60 }, () => new Uint8Array(3 * width * height).fill(20));
    expect(await copiesIn([printOf('a', flat), printOf('b', flat)])).toEqual([]);
  });
});

/** Leaves blow to and fro before a page, faster than four pictures a second tell how. */
function blowing(page: Uint8Array, count: number, seed: number): Frames {
  const random = randomOf(seed);
  const leaves = Array.from({ length: 6 }, () => {
    const [x, y] = [8 + random() * 44, 4 + random() * 22];
    const [across, down] = [4 + random() * 8, 4 + random() * 8];
    return { x, y, across, down, far: 3 + random() * 4, level: random() * 255, from: random() * 6 };
  });
  return Array.from({ length: count }, (_, k) => {
    const frame = page.slice();
    for (const leaf of leaves) {
      const left = Math.round(leaf.x + leaf.far * Math.sin((2 * Math.PI * k) / leaf.across + leaf.from));
      const top = Math.round(leaf.y + (leaf.far / 2) * Math.sin((2 * Math.PI * k) / leaf.down));
      for (let i = 0; i < 16; i++) {
        const [x, y] = [left + (i % 4), top + Math.floor(i / 4)];
        if (isInside(x, y)) frame.fill(leaf.level, 3 * (y * width + x), 3 * (y * width + x + 1));
      }
    }
    return frame;
  });
}

describe('copies of a short shot in which much moves to and fro', () => {
  const long = blowing(shot(31, 1)[0] as Uint8Array, 120, 4);
  const short = printOf('short', long.slice(0, 33));
  const among = (copy: Print) => copiesIn([short, ...others, copy]);

  it('are found though their pictures are of moments between', async () => {
    expect(await among(printOf('copy', long.slice(0, 33), whole, 4))).toHaveLength(1);
  });

  it('are not what blows there a second or two later', async () => {
    for (const later of [24, 37, 52, 66]) {
      expect(await among(printOf('later', long.slice(later + 12, later + 45), whole, 2))).toEqual([]);
    }
  });
});

describe('copies of what stands', () => {
  const page = shot(71, 1)[0] as Uint8Array;
  const stands = (frame: Uint8Array, id: string, seed: number) =>
    printOf(id, noisy(Array<Uint8Array>(40).fill(frame), seed));
  const cards = [stands(page, 'one', 1), stands(page, 'two', 2)];
  const noise = (seed: number) => {
    const random = randomOf(seed);
    return Float32Array.from({ length: detailWidth * detailHeight }, () => 255 * random());
  };
  const inside = (x: number, y: number): [number, number] => [3 + x * 0.86, 3 + y * 0.84];
  const cropped = remade([page], inside)[0] as Uint8Array;

  it('agree in detail too: letters differ where small pictures do not', async () => {
    const letters = new Map([
      ['one', noise(1)],
      ['two', noise(2)],
    ]);
    expect(await copiesIn(cards, async ({ shot: id }) => letters.get(id) ?? null)).toEqual([]);
    expect(await copiesIn(cards, async () => noise(1))).toHaveLength(1);
    expect(await copiesIn(cards)).toHaveLength(1);
  });

  it('are known by something small that stirs alike, though their middles show other moments of it', async () => {
    const bird = (from: number): Frames =>
      Array.from({ length: 48 }, (_, k) => {
        const frame = page.slice();
        const left = 20 + Math.round(9 * Math.sin((from + k) / 12));
        for (let row = 12; row < 18; row++)
          frame.fill(200, 3 * (row * width + left), 3 * (row * width + left + 6));
        return frame;
      });
    const seed = (id: string) => (id === 'one' ? 1 : 2);
    const letters = async ({ shot: id }: Print) => noise(seed(id));
    /** Seven tenths of the view are the same in detail. */
    const other = async ({ shot: id }: Print) => {
      const [page, moved] = [noise(3), noise(seed(id))];
      return page.map((value, i) => (i % detailWidth < 0.7 * detailWidth ? value : (moved[i] as number)));
    };
    const one = printOf('one', bird(0));
    const two = printOf('two', noisy(bird(0), 1), whole, 3);
    expect(await copiesIn([one, two], other)).toHaveLength(1);
    expect(await copiesIn([one, two], letters)).toEqual([]);
    expect(await copiesIn([one, printOf('later', bird(50), whole, 3)], other)).toEqual([]);
  });

  it('are found where a part is shown, by the detail of it', async () => {
    const pair = [stands(page, 'whole', 1), stands(cropped, 'part', 2)];
    const detail = detailOf(page, same);
    const part = detailOf(page, inside);
    const found = await copiesIn(pair, async ({ shot: id }) => (id === 'part' ? part : detail));
    expect(found).toHaveLength(1);
    expect(found[0]?.kinds).toContain('cropped');
  });
});

it('two shots taken for one are copies of a shot by the stretch that it shows', async () => {
  const place = shot(91, 220, 0.75);
  const joined = [...place.slice(20, 64), ...place.slice(150, 194)];
  const [copy] = await copiesIn([printOf('whole', place), printOf('joined', joined), ...others]);
  const [own, other] = copy?.a.shot === 'joined' ? [copy.a, copy.b] : [copy?.b, copy?.a];
  expect((own?.out ?? 0) - (own?.in ?? 0)).toBeLessThanOrEqual(50);
  const later = (other?.in ?? 0) - (own?.in ?? 0);
  expect(Math.min(Math.abs(later - 20), Math.abs(later - 106))).toBeLessThanOrEqual(3);
});

it('within one film only the very picture is used again: what fits cut out of another is a second take', async () => {
  const part = remade(film, (x, y) => [6 + x * 0.84, 2 + y * 0.86]);
  const found = (copy: Frames, file: string) =>
    copiesIn([{ ...printOf('first', film), file: 'reel' }, ...others, { ...printOf('second', copy), file }]);
  expect(await found(part, 'reel')).toEqual([]);
  expect(await found(part, 'trailer')).toHaveLength(1);
  expect(await found(noisy(film, 1), 'reel')).toHaveLength(1);
});
