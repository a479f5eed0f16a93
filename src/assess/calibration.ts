import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type AssessInput, type Calibration, calibrationSchema } from './schema.ts';

const CALIBRATION = fileURLToPath(new URL('../../assets/assess/calibration.json', import.meta.url));

/**
 * What was measured on sample studios with this very base; null where there is nothing: other bases tell nothing, and
 * of other films nobody has counted usable takes.
 */
export async function calibrationFor(
  { sample }: Pick<AssessInput, 'sample'>,
  baseSha256: string,
): Promise<Calibration | null> {
  if (!sample || !existsSync(CALIBRATION)) return null;
  const calibration = calibrationSchema.parse(JSON.parse(await readFile(CALIBRATION, 'utf8')));
  return calibration.base === baseSha256 ? calibration : null;
}
