import type { z } from 'zod';
import type { Context } from '../jobs/index.ts';
import { withdrawnOf } from './blocks.ts';
import { judgedOf, lineageOf } from './lineage.ts';
import type { showOutputSchema } from './schema.ts';
import { readRecord } from './store.ts';

/** A signed take's lineage as it was signed; of one that is not signed, as it reads now. */
export async function showTake(context: Context, takeId: string): Promise<z.infer<typeof showOutputSchema>> {
  const record = await readRecord(context.db, takeId);
  const judged = await judgedOf(context, takeId);
  const withdrawn = await withdrawnOf(context.db, 'take', [takeId]);
  if (!record) return { lineage: await lineageOf(context, takeId), judged, signed: null, withdrawn };
  const { lineage, takeId: _id, ...signed } = record;
  return { lineage, judged, signed, withdrawn };
}
