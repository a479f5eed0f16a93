import { z } from 'zod';

/** Of a preflight's result, what people want to know before they wait. An open base tells what memory it takes at least. */
const foundSchema = z.object({
  secondsPerStep: z.number(),
  clips: z.number(),
  heldoutClips: z.number(),
  estimatedBytes: z.number(),
  freeBytes: z.number(),
  diskBytes: z.number(),
  freeDiskBytes: z.number(),
});

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** What a preflight found, in words; null where it told less. */
export function preflightWords(result: unknown, steps: number): string | null {
  const { data: found } = foundSchema.safeParse(result);
  if (!found) return null;
  return [
    `Measured beforehand: ${found.clips} clips to learn from, ${found.heldoutClips} held out;`,
    `${found.secondsPerStep.toFixed(2)} s a step, so ${steps} steps.`,
    `Memory: about ${mebibytes(found.estimatedBytes)} of ${mebibytes(found.freeBytes)} free.`,
    `Disk: ${mebibytes(found.diskBytes)} of ${mebibytes(found.freeDiskBytes)} free.`,
  ].join(' ');
}
