import { BacklotError } from '../contract/index.ts';
import { clearGiven, clearTakesGiven, filesOf, getTake, type Take, takesBehind } from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import type { Open } from './schema.ts';

/**
 * Of these takes those that could not be drawn today, each with why: by what the ledger says now of all that their models learned
 * from, of takes that they were given, and of films that these were (ADR 0096, 0115). It is told and not refused (ADR 0084).
 */
export async function openOf(context: Context, ids: readonly string[]): Promise<Open[]> {
  const known = new Map<string, string | null>();
  const open: Open[] = [];
  for (const id of ids) {
    const take = await getTake(context.db, id);
    const asked = [take, ...(await takesBehind(context.db, filesOf(take)))];
    const grounds = JSON.stringify(asked.map(groundsOf));
    const why = known.has(grounds) ? known.get(grounds) : await whyNot(context, asked);
    known.set(grounds, why ?? null);
    if (why) open.push({ take: id, why });
  }
  return open;
}

/** What is asked about a take: takes of the same models that were given the same are asked about once. */
const groundsOf = ({ modelId, upscalerId, brief }: Take) => [
  ...[modelId, upscalerId, brief.adapters.map(({ id }) => id)],
  brief.references.map(({ sha256 }) => sha256),
];

async function whyNot(context: Context, takes: readonly Take[]): Promise<string | null> {
  try {
    await clearTakesGiven(context.db, takes);
    await clearGiven(context, takes);
    return null;
  } catch (error) {
    if (error instanceof BacklotError) return `${error.code}: ${error.facts.found}`;
    throw error;
  }
}
