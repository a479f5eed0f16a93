import { type Db, tables } from '../db/index.ts';
import type { Forecast } from './schema.ts';

export async function saveForecast(db: Db, forecast: Forecast): Promise<void> {
  const { id, snapshotId } = forecast;
  await db
    .insert(tables.assessForecasts)
    .values({ id, snapshotId, document: forecast })
    .onConflictDoNothing();
}
