import { expect, it } from 'vitest';
import { baseInput } from '../jobs/index.ts';
import { calibrationFor } from './calibration.ts';

it('usable takes are forecast for the sample studio with the shipped base, for no other films and no other base', async () => {
  const { sha256 } = await baseInput();
  const kept = await calibrationFor({ sample: true }, sha256);
  expect(kept?.points.length).toBeGreaterThan(10);
  expect(await calibrationFor({ sample: false }, sha256)).toBeNull();
  expect(await calibrationFor({ sample: true }, '0'.repeat(64))).toBeNull();
});
