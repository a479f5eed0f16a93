import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/index.ts';

/**
 * What the queue holds of commands that have ended: what they answered, and the captions that a training was given for its sheet. Neither
 * says whose words it holds, and nobody reads it again, so a withdrawal takes it all. A command that can be given again keeps its captions, unless its dataset goes.
 */

/** pg-boss keeps jobs here; the table is there once the workspace's queue was opened. */
export const QUEUE_TABLE = 'pgboss.job';

const ended = sql`state in ('completed', 'cancelled', 'failed')`;
const words = sql`coalesce(output, 'null') <> 'null' and output <> '{"message": "removed with a withdrawal"}'`;
/** Also of one that can be given again, where its dataset goes. */
const sheetOf = (
  snapshots: readonly string[],
): SQL => sql`data -> 'input' ? 'captions' and (state = 'completed'
  or data -> 'input' ->> 'dataset' in (select jsonb_array_elements_text(${JSON.stringify(snapshots)}::jsonb)))`;

/** As lines, for a record of what is about to go. @param snapshots ids of those whose captions go */
export const queueWords = (snapshots: readonly string[]): SQL => sql`
  select id || ' ' || coalesce(output::text, '') || ' ' || coalesce((data -> 'input' -> 'captions')::text, '') as line
  from pgboss.job where ${ended} and (${words} or (${sheetOf(snapshots)}))`;

export async function hasQueue(db: Pick<Db, 'execute'>): Promise<boolean> {
  const { rows } = await db.execute<{ there: boolean }>(
    sql`select to_regclass(${QUEUE_TABLE}) is not null as there`,
  );
  return rows[0]?.there ?? false;
}

/** The commands that are at work, such as `dataset.freeze`, in the order in which they were asked for. */
export async function commandsAtWork(db: Pick<Db, 'execute'>): Promise<string[]> {
  if (!(await hasQueue(db))) return [];
  const { rows } = await db.execute<{ operation: string }>(
    sql`select data ->> 'operation' as operation from pgboss.job where state = 'active' order by created_on`,
  );
  return rows.map(({ operation }) => operation);
}

/** Takes away what ended commands answered, and the captions that they were given. The commands stay listed. */
export async function purgeQueueWords(db: Pick<Db, 'execute'>, snapshots: readonly string[]): Promise<void> {
  if (!(await hasQueue(db))) return;
  await db.execute(sql`
    update pgboss.job set output = case when state = 'failed' then '{"message": "removed with a withdrawal"}'::jsonb end
    where ${ended} and ${words}`);
  await db.execute(
    sql`update pgboss.job set data = data #- '{input,captions}' where ${ended} and ${sheetOf(snapshots)}`,
  );
}
