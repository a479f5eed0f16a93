import { expect, it } from 'vitest';
import { baseInput } from '../jobs/index.ts';
import { calibrationFor } from './calibration.ts';
import { predictUsable } from './predict.ts';
import type { Calibration } from './schema.ts';
import { verdictOf } from './verdict.ts';

it('usable takes are forecast for the sample studio with the shipped base, for no other films and no other base', async () => {
  const { sha256 } = await baseInput();
  const kept = await calibrationFor({ sample: true }, sha256);
  expect(kept?.points.length).toBeGreaterThan(10);
  expect(await calibrationFor({ sample: false }, sha256)).toBeNull();
  expect(await calibrationFor({ sample: true }, '0'.repeat(64))).toBeNull();
});

it('by what was measured on other titles, five clips are enough for no sample studio, and 160 for most', async () => {
  const { sha256 } = await baseInput();
  const kept = (await calibrationFor({ sample: true }, sha256)) as Calibration;
  const verdicts = (clips: number) =>
    kept.points
      .filter((point) => point.clips === clips)
      .map(({ titles, gain }) => {
        const points = kept.points.filter((other) => other.titles.join() !== titles.join());
        return verdictOf(predictUsable({ ...kept, points }, { gain, clips: [clips] }, 21));
      });
  expect(verdicts(5)).not.toContain('enough');
  const large = verdicts(160);
  expect(large.filter((verdict) => verdict === 'enough').length).toBeGreaterThan(large.length * 0.8);
});
