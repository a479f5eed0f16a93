import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../src/jobs/index.ts';
import { signFiles } from '../../src/provenance/derived.ts';
import { readAnchors, verifyFile } from '../../src/provenance/index.ts';
import { type Peaks, readPeaks } from '../demo/peak.ts';
import { ANSWERS, makeLarge } from './files.ts';
import { type Timed, timed } from './timing.ts';

const PEAK_EVERY_MS = 20;

/** Signs and verifies a file of so many megabytes; what c2pa-python's process holds is read as it runs. */
export async function largeRows(
  context: Context,
  { take, signed }: Timed,
  folder: string,
  megabytes: number,
) {
  const large = join(folder, 'large.mov');
  await makeLarge(signed, large, Math.max(1, Math.round((megabytes * 1e6) / (await stat(signed)).size)));
  const bytes = (await stat(large)).size;
  const anchors = await readAnchors(context.paths.keys);
  const signing = await watched(() =>
    signFiles(context, {
      files: [large],
      takes: [take],
      to: join(folder, 'large'),
      derivation: 'converted',
      ...ANSWERS,
    }),
  );
  let state = '';
  const verifying = await watched(async () => {
    state = (await verifyFile(join(folder, 'large', 'large.mov'), anchors)).state;
  });
  const name = `a file of ${(bytes / 1e6).toFixed(0)} MB`;
  const row = (what: string, value: number, unit: string) => ({
    what: `${name}: ${what}`,
    value: Number(value.toFixed(2)),
    unit,
    n: 1,
  });
  return [
    row('signing and reading back', signing.seconds, 's'),
    row('signing and reading back', signing.cpu, 'CPU s'),
    row("signing, peak of c2pa-python's process", signing.peak / 1e6, 'MB'),
    row('verifying', verifying.seconds, 's'),
    row('verifying', verifying.cpu, 'CPU s'),
    row("verifying, peak of c2pa-python's process", verifying.peak / 1e6, 'MB'),
    { what: `${name}: reads back as`, value: state, unit: 'state' },
  ];
}

async function watched(work: () => Promise<unknown>) {
  const peaks: Peaks = new Map();
  const watch = setInterval(() => readPeaks(process.pid, peaks), PEAK_EVERY_MS);
  const used = await timed(work);
  clearInterval(watch);
  const children = [...peaks].filter(([pid]) => pid !== process.pid).map(([, { bytes }]) => bytes);
  return { ...used, peak: Math.max(0, ...children) };
}
