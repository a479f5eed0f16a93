import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Calibration, calibrationSchema } from './schema.ts';

const CALIBRATION = fileURLToPath(new URL('../../assets/assess/calibration.json', import.meta.url));

/** What was measured on sample studios with this very base; null where there is nothing: other bases tell nothing. */
export async function readCalibration(baseSha256: string): Promise<Calibration | null> {
  if (!existsSync(CALIBRATION)) return null;
  const calibration = calibrationSchema.parse(JSON.parse(await readFile(CALIBRATION, 'utf8')));
  return calibration.base === baseSha256 ? calibration : null;
}
