import { z } from 'zod';

/** Of a preflight's result, what people want to know before they wait. An open base tells what memory it takes at least. */
const foundSchema = z.object({
  secondsPerStep: z.number(),
  setupSeconds: z.number(),
  evaluationSeconds: z.number(),
  clips: z.number(),
  heldoutClips: z.number(),
  estimatedBytes: z.number(),
  freeBytes: z.number(),
  diskBytes: z.number(),
  freeDiskBytes: z.number(),
});

/** The training that a preflight was for. `reused`: it was measured for an earlier one. */
interface Planned {
  steps: number;
  evaluations: number;
  reused: boolean;
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** In the unit that a person would say. */
function timeWords(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${Math.round(seconds)} s`;
  return seconds < 2 * HOUR ? `${Math.round(seconds / MINUTE)} min` : `${(seconds / HOUR).toFixed(1)} h`;
}

/** What a preflight found, in words; null where it told less. */
export function preflightWords(result: unknown, { steps, evaluations, reused }: Planned): string | null {
  const { data: found } = foundSchema.safeParse(result);
  if (!found) return null;
  const beside = found.setupSeconds + evaluations * found.evaluationSeconds;
  return [
    `Measured ${reused ? 'when this was asked for first' : 'beforehand'}: ${found.clips} clips to learn from, ${found.heldoutClips} held out;`,
    `${found.secondsPerStep.toFixed(2)} s a step, so ${steps} steps take ${timeWords(steps * found.secondsPerStep)},`,
    `reading clips and ${evaluations} measurements of held-out loss ${timeWords(beside)}; sample sheets come on top.`,
    `Memory: about ${mebibytes(found.estimatedBytes)} of ${mebibytes(found.freeBytes)} free.`,
    `Disk: ${mebibytes(found.diskBytes)} of ${mebibytes(found.freeDiskBytes)} free.`,
  ].join(' ');
}
