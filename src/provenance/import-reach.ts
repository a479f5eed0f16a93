import { sql } from 'drizzle-orm';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Imported, type NewRefusal, newRefusals, restingOnRefusal } from '../rights/index.ts';
import { impactOf } from './impact.ts';
import type { ImportedHere } from './schema.ts';

/** Refusals of which is looked up what they reach: each takes up to a second in a large workspace. */
const LOOKED_UP = 20;

/**
 * What exists already and rests on what an import newly refuses: it goes on as it is until a withdrawal follows it (ADR 0084).
 * Refusals that reach no model and no take are left out.
 */
export async function withReach(context: Context, imported: Imported): Promise<ImportedHere> {
  const { db } = context;
  const [model] = await db
    .select({ id: tables.trainModels.id })
    .from(tables.trainModels)
    .where(learned)
    .limit(1);
  if (imported.unchanged || !model) return { ...imported, reached: [], notLookedUp: [] };
  const refusals = await newRefusals(db, imported.ledger);
  const reached: ImportedHere['reached'] = [];
  for (const refusal of refusals.slice(0, LOOKED_UP)) {
    const counts = await countsOf(context, refusal);
    if (counts.models + counts.takes > 0)
      reached.push({ row: refusal.row, says: refusal.says, ...counts, command: commandOf(refusal) });
  }
  return { ...imported, reached, notLookedUp: refusals.slice(LOOKED_UP).map(({ row }) => row) };
}

const learned = sql`${tables.trainModels.snapshotId} is not null`;

async function countsOf(context: Context, refusal: NewRefusal): Promise<{ models: number; takes: number }> {
  const resting = await restingOnRefusal(context.db, refusal);
  const touched = resting ? await impactOf(context, resting) : [];
  const count = (of: string) => new Set(touched.flatMap(({ kind, id }) => (kind === of ? [id] : []))).size;
  return { models: count('model'), takes: count('take') };
}

function commandOf({ target }: NewRefusal): string {
  const [[kind, id] = ['', '']] = Object.entries(target);
  return `backlot rights revoke --${kind} ${id} --dry-run`;
}
