import { BacklotError } from '../contract/index.ts';
import {
  clearGiven,
  clearTakesGiven,
  filesOf,
  getTake,
  type Pictures,
  picturesGiven,
  type Take,
  takesBehind,
} from '../generate/index.ts';
import type { Context } from '../jobs/index.ts';
import type { Open } from './schema.ts';

/**
 * Of these takes those that could not be drawn today, each with why: by what the ledger says now of all that their models learned
 * from, of takes that they were given, and of films that these were (ADR 0096, 0115). It is told and not refused (ADR 0084).
 */
export async function openOf(context: Context, ids: readonly string[]): Promise<Open[]> {
  const known = new Map<string, string | null>();
  const open: Open[] = [];
  const asked = await Promise.all(ids.map((id) => withBehind(context, id)));
  const clear = clearing(context, await picturesGiven(context, asked.flat()));
  for (const [i, id] of ids.entries()) {
    const takes = asked[i] ?? [];
    const grounds = JSON.stringify(takes.map(groundsOf));
    const why = known.has(grounds) ? known.get(grounds) : await whyNot(() => clear(takes));
    known.set(grounds, why ?? null);
    if (why) open.push({ take: id, why });
  }
  return open;
}

/** A take and those that it was given. */
async function withBehind({ db }: Context, id: string): Promise<Take[]> {
  const take = await getTake(db, id);
  return [take, ...(await takesBehind(db, filesOf(take)))];
}

const clearing = (context: Context, pictures: Pictures) => async (takes: readonly Take[]) => {
  await clearTakesGiven(context.db, takes);
  await clearGiven(context, takes, pictures);
};

/** What is asked about a take: takes of the same models that were given the same are asked about once. */
const groundsOf = ({ modelId, upscalerId, brief }: Take) => [
  ...[modelId, upscalerId, brief.adapters.map(({ id }) => id)],
  brief.references.map(({ sha256 }) => sha256),
];

async function whyNot(clear: () => Promise<void>): Promise<string | null> {
  try {
    await clear();
    return null;
  } catch (error) {
    if (error instanceof BacklotError) return `${error.code}: ${error.facts.found}`;
    throw error;
  }
}
