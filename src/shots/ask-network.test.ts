import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askNetwork, confidenceAfter } from './ask-network.ts';
import { likely } from './confidence.ts';
import { openDoubtBook } from './doubts.ts';
import { shot } from './films.test-support.ts';
import { createHistory } from './history.ts';
import type { FoundTransition } from './schema.ts';

const python =
  process.env.BACKLOT_PYTHON ?? fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));

const dissolve = (confidence: number): FoundTransition => ({
  ...{ start: 20, end: 39, type: 'dissolve' },
  confidence,
});
const possible = 0.3;
const cut = (end: number): FoundTransition => ({ start: end - 1, end, type: 'cut', confidence: likely });

/** What the network says of frames 0..59: in a stretch, and elsewhere nothing. */
const saying = (from: number, to: number, middle: number, any: number) =>
  Array.from({ length: 60 }, (_, k) => (k >= from && k <= to ? { middle, any } : { middle: 0, any: 0 }));

const after = (found: FoundTransition, opinions: ReturnType<typeof saying>) =>
  confidenceAfter({ found, from: 0, frames: 60 }, opinions);

describe('after the network has looked', () => {
  it('a likely dissolve that it sees nowhere is none', () => {
    expect(after(dissolve(likely), saying(0, 0, 0, 0))).toBeLessThan(0.5);
    expect(after(dissolve(likely), saying(22, 37, 0.3, 0.6))).toBeGreaterThan(0.5);
  });

  it('a dissolve that only may be one is one where it sees it throughout', () => {
    expect(after(dissolve(possible), saying(22, 37, 0.3, 0.9))).toBeGreaterThan(0.5);
    expect(after(dissolve(possible), saying(22, 37, 0.3, 0.4))).toBeLessThan(0.5);
  });

  it('a flash inside a likely dissolve does not make it one', () => {
    expect(after(dissolve(likely), saying(28, 29, 0.95, 0.9))).toBeLessThan(0.5);
  });

  it('a likely cut that it sees nothing of is none', () => {
    expect(after(cut(30), saying(29, 29, 0.4, 0.4))).toBeGreaterThan(0.5);
    expect(after(cut(30), saying(40, 40, 0.9, 0.9))).toBeLessThan(0.5);
  });

  it('a cut that only may be one is one where it sees a peak, and none where it sees a hill', () => {
    const maybe = { ...cut(30), confidence: possible };
    expect(after(maybe, saying(29, 29, 0.1, 0.1))).toBeGreaterThan(0.5);
    expect(after(maybe, saying(27, 31, 0.1, 0.1))).toBeLessThan(0.5);
  });
});

describe.skipIf(!existsSync(python))('the network (skipped where the engine is not set up)', () => {
  it('confirms a cut and rejects one in the midst of a shot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
    try {
      const frames = join(folder, 'frames.u8');
      const history = createHistory(10);
      for (const frame of [...shot(41, 40), ...shot(42, 60)]) history.add(frame);
      const book = await openDoubtBook(frames);
      for (const found of [cut(40), { ...cut(60), confidence: 1 }, cut(75)]) book.onSettled(found, history);
      const doubts = await book.close();
      expect(doubts.map(({ from, frames: count }) => [from, count])).toEqual([
        [19, 42],
        [54, 42],
      ]);
      const asked = await askNetwork(doubts, { folder, frames, report: () => {} });
      expect(asked.map(({ end, confidence }) => [end, confidence >= 0.5])).toEqual([
        [40, true],
        [75, false],
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
