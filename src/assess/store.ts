import { and, eq, inArray } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import type { Forecast } from './schema.ts';

export async function saveForecast(db: Pick<Db, 'insert'>, forecast: Forecast): Promise<void> {
  const { id, snapshotId } = forecast;
  await db
    .insert(tables.assessForecasts)
    .values({ id, snapshotId, document: forecast })
    .onConflictDoNothing();
}

/** Those of the models that are trials, each with the digest of the dataset that it learned from. */
export async function trialsAmong(db: Db, models: readonly string[]) {
  const { trainModels: m, datasetSnapshots: s } = tables;
  return db
    .select({ id: m.id, path: m.path, snapshot: s.digest })
    .from(m)
    .innerJoin(s, eq(s.id, m.snapshotId))
    .where(and(eq(m.kind, 'trial'), inArray(m.id, [...models])));
}
