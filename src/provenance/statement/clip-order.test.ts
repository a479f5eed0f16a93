import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Seeing, timesSeen } from './clip-order.ts';

interface Case extends Seeing {
  clips: number;
  seen: number[];
}

const path = new URL('../../../test/fixtures/contract/clip-order.json', import.meta.url);
const cases = JSON.parse(readFileSync(path, 'utf8')) as Case[];

it('counts each clip as often as the engine shows it', () => {
  for (const { clips, seen, ...job } of cases) expect(timesSeen(job, clips)).toEqual(seen);
});

const jobs = fc.record({
  ...{ seed: fc.nat(), steps: fc.integer({ min: 1, max: 300 }), batch: fc.integer({ min: 2, max: 40 }) },
  ...{ mirror: fc.boolean(), priorShare: fc.constant(null) },
});

it('shows, all clips together, steps times batch clips, and no clip two epochs more than another', () => {
  fc.assert(
    fc.property(jobs, fc.integer({ min: 1, max: 60 }), (job, clips) => {
      const seen = timesSeen({ ...job, subset: null }, clips);
      expect(seen.reduce((a, b) => a + b, 0)).toBe(job.steps * job.batch);
      expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(job.mirror ? 2 : 1);
    }),
  );
});
