import { describe, expect, it } from 'vitest';
import { type Doubt, framesIn } from './doubts.ts';

const around = (start: number): Doubt => ({
  found: { start, end: start + 1, type: 'cut', confidence: 0.3 },
  ...{ from: Math.max(0, start - 20), frames: Math.min(start, 20) + 22 },
});

describe('the frames that the network looks at', () => {
  it('are counted once where windows lie over each other, so that they are never more than the film has', () => {
    const nearby = [10, 24, 40, 58].map(around);
    expect(framesIn(nearby)).toBe(80);
    expect(framesIn(nearby.toReversed())).toBe(80);
  });

  it('are all those of windows that lie apart', () => {
    expect(framesIn([])).toBe(0);
    expect(framesIn([around(40), around(140)])).toBe(84);
  });
});
