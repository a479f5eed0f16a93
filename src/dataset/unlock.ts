import type { Context } from '../jobs/index.ts';
import { type Setting, today, type Unlock, unlock } from '../rights/index.ts';
import { refreshIndex } from './index-refresh.ts';
import { indexPath, rowsOf, withIndex } from './index-store.ts';
import type { UnlockInput } from './schema.ts';

/** What answers to questions would free, with the sets and times of day that shot lists name. */
export async function unlockPlaces(context: Context, input: UnlockInput): Promise<Unlock> {
  const asked = { ...input, asOf: input.asOf ?? today() };
  return unlock(context, asked, await settingsOf(context));
}

const settingsOf = (context: Context): Promise<Map<string, Setting>> =>
  withIndex(indexPath(context.paths), async (index) => {
    await refreshIndex(context, index);
    const rows = await rowsOf(
      index,
      `SELECT s.id, sets.shown AS "set", times.shown AS time FROM shots s
        LEFT JOIN terms sets ON sets.no = s."set" LEFT JOIN terms times ON times.no = s.time
      WHERE s."set" IS NOT NULL OR s.time IS NOT NULL`,
    );
    const text = (value: unknown) => (value === null ? null : String(value));
    return new Map(rows.map(({ id, set, time }) => [String(id), { set: text(set), time: text(time) }]));
  });
