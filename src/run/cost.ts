import { basename, join } from 'node:path';
import { type Context, jobIn, runsIn, toldOutcome } from '../jobs/index.ts';

/**
 * Processor seconds of the engine for these runs and all that went through their takes since: larger pictures and
 * checks. Read from the runs themselves, so that work of an earlier call counts as well; what bears no run's mark counts for nothing.
 */
export async function cpuSecondsOf(
  { paths }: Pick<Context, 'paths'>,
  runIds: ReadonlySet<string>,
): Promise<number> {
  const takes = new Set([...runIds].map((id) => join(paths.runs, id, 'takes.jsonl')));
  let total = 0;
  for (const directory of await runsIn(paths.runs))
    if (runIds.has(basename(directory)) || takes.has((await takesRead(directory)) ?? ''))
      total += await spentIn(directory);
  return total;
}

/** The takes that a run was given. */
async function takesRead(directory: string): Promise<string | null> {
  const job = await jobIn(directory);
  return job && 'takes' in job ? (job.takes?.path ?? null) : null;
}

async function spentIn(directory: string): Promise<number> {
  const told = await toldOutcome(directory);
  if (told?.outcome.status !== 'succeeded' || told.by === 'anybody') return 0;
  return Number(told.outcome.result.cpuSeconds ?? 0);
}
