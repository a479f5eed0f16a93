import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askNetwork, confidenceAfter } from './ask-network.ts';
import { likely } from './confidence.ts';
import { createDoubtBook } from './doubts.ts';
import { shot } from './films.test-support.ts';
import { openGrown } from './grown-file.ts';
import { createHistory } from './history.ts';
import type { FoundTransition } from './schema.ts';

const python =
  process.env.BACKLOT_PYTHON ?? fileURLToPath(new URL('../../.backlot/venv/bin/python', import.meta.url));

const possible = 0.3;
const cut = (end: number): FoundTransition => ({ start: end - 1, end, type: 'cut', confidence: likely });

/** What the network says of frames 0..59: in a stretch, and elsewhere nothing. */
const saying = (from: number, to: number, middle: number) =>
  Array.from({ length: 60 }, (_, k) => (k >= from && k <= to ? middle : 0));

const after = (found: FoundTransition, middles: readonly number[]) =>
  confidenceAfter({ found, from: 0, frames: 60 }, middles);

describe('after the network has looked', () => {
  it('a likely cut that it sees nothing of is none', () => {
    expect(after(cut(30), saying(29, 29, 0.4))).toBeGreaterThan(0.5);
    expect(after(cut(30), saying(40, 40, 0.9))).toBeLessThan(0.5);
  });

  it('a likely cut that it calls one too is one, whatever it says beside', () => {
    const beside = saying(28, 30, 0.2).with(29, 0.8);
    expect(after(cut(30), beside)).toBeGreaterThan(0.5);
    expect(after({ ...cut(30), confidence: possible }, beside)).toBeLessThan(0.5);
  });

  it('a cut that only may be one is one where it sees a peak, and none where it sees a hill', () => {
    const maybe = { ...cut(30), confidence: possible };
    expect(after(maybe, saying(29, 29, 0.1))).toBeGreaterThan(0.5);
    expect(after(maybe, saying(27, 31, 0.1))).toBeLessThan(0.5);
  });
});

describe.skipIf(!existsSync(python))('the network (skipped where the engine is not set up)', () => {
  it('confirms a cut and rejects one in the midst of a shot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'backlot-test-'));
    try {
      const frames = join(folder, 'frames.u8');
      const history = createHistory(10);
      for (const frame of [...shot(41, 40), ...shot(42, 60)]) history.add(frame);
      const file = await openGrown(frames, null);
      const { doubts, onSettled } = createDoubtBook(file);
      const sure = { ...cut(60), confidence: 1 };
      const dissolve = { ...cut(60), start: 50, type: 'dissolve' } as const;
      for (const found of [cut(40), sure, dissolve, cut(75)]) onSettled(found, history);
      await file.close();
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
