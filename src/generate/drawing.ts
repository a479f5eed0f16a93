import { inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { askedFor } from '../dataset/index.ts';
import { type Db, tables } from '../db/index.ts';
import { notCleared, today, type Use } from '../rights/index.ts';
import { modelsUsed, type Read, refuseUndeclared, type Used } from './undeclared.ts';

/** Drawing takes is a use of the shots that their models learned from (ADR 0096). */

/** The least that a take is for: whoever permits a temporary or a final one permits a sketch. */
export const drawingUse: Use = 'generate.previz';

const recordSchema = z.looseObject({
  options: z
    .looseObject({
      ...{ territory: z.string().default('world'), trainer: z.string().optional() },
      model: z.string().nullish(),
      ...{ performers: z.array(z.string()).optional(), performer: z.string().nullish() },
    })
    .optional(),
});

export type ClearedFor = { territory: string } & ReturnType<typeof askedFor>;

/** Where and for whom a snapshot was cleared: takes of what learned from it are asked for there, and for the same. */
export const clearedFor = ({
  territory,
  ...said
}: { territory?: string | null | undefined } & Parameters<typeof askedFor>[0]): ClearedFor => ({
  territory: territory ?? 'world',
  ...askedFor(said),
});

/** The same of a snapshot's row. */
export const clearedAs = (record: unknown): ClearedFor =>
  clearedFor((recordSchema.safeParse(record).data?.options ?? {}) as Parameters<typeof clearedFor>[0]);

/**
 * Decides, for today, on every shot that the models learned from, or those that they started from.
 * @throws BacklotError `not-cleared` with the reasons, `origin-undeclared` where nobody has said what a model from outside learned from
 */
export async function clearDrawing(db: Db, inputs: readonly Read[]): Promise<void> {
  const used = await modelsUsed(db, inputs);
  await refuseUndeclared(db, inputs, used);
  const snapshots = learnedFrom(used);
  const asOf = today();
  for (const [key, alike] of Map.groupBy(snapshots, ({ record }) => JSON.stringify(clearedAs(record)))) {
    const shots = await shotsIn(
      db,
      alike.map(({ id }) => id),
    );
    const ask = { use: drawingUse, asOf, ...(JSON.parse(key) as ClearedFor) };
    const found = await notCleared({ db }, shots, ask);
    if (found) throw refusedFor(ask, found);
  }
}

/** The snapshots that models learned from, each once. */
function learnedFrom(used: readonly Used[]): { id: string; record: unknown }[] {
  const records = new Map(
    used.flatMap(({ snapshotId: id, record }) => (id === null || !record ? [] : [[id, record] as const])),
  );
  return [...records].map(([id, record]) => ({ id, record })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Shots behind training clips: what is held out no model has learned. */
async function shotsIn(db: Db, snapshots: readonly string[]): Promise<string[]> {
  const { shotId, snapshotId, split } = tables.datasetClips;
  const training = sql`${inArray(snapshotId, [...snapshots])} and ${split} = 'train'`;
  const rows = await db.selectDistinct({ shotId }).from(tables.datasetClips).where(training).orderBy(shotId);
  return rows.map((row) => row.shotId);
}

function refusedFor(
  { use, territory, asOf, performers = [] }: { use: Use; asOf: string } & ClearedFor,
  found: string,
): BacklotError {
  const replica = performers.length === 0 ? '' : `, for replicas of ${performers.join(' and ')}`;
  return new BacklotError('not-cleared', {
    expected: `every shot that the models learned from to be allowed for ${use} in ${territory} on ${asOf}${replica}`,
    where: 'drawing takes',
    found,
    remedy: `Have the ledger permit ${use}, or what includes it, for these shots (\`backlot rights check --use ${use}\` counts the reasons), or draw with a model that did not learn from them.`,
  });
}
