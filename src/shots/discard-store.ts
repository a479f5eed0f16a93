import { type SQL, sql } from 'drizzle-orm';
import { type Db, tables, texts } from '../db/index.ts';

const { datasetCaptions, datasetClips, datasetSendings, generateTakes, rightsDecisions } = tables;
const { shotsChoices, shotsCopies, shotsPasses, shotsPrints, shotsShots, shotsTransitions } = tables;

type Writes = Pick<Db, 'execute'>;

/**
 * What names any of these shots, in all tables that keep ids of shots, counted in words. The stages to the right cannot be
 * asked from here, and what they keep would mean other pictures.
 */
export async function restingOn(db: Writes, shots: readonly string[]): Promise<string[]> {
  const ids = texts(shots);
  const named = { decisions: rightsDecisions, captions: datasetCaptions, clips: datasetClips };
  const counts = Object.entries({ ...named, 'pictures sent': datasetSendings }).map(
    ([what, table]) =>
      sql`select ${what}::text as what, count(*)::int as n from ${table} where shot_id = any(${ids})`,
  );
  const chosen = sql`select 'choices' as what, count(*)::int as n from ${shotsChoices}
    where exists (select from jsonb_array_elements_text(shots) one where one = any(${ids}))`;
  const drawn = sql`select 'takes' as what, count(*)::int as n from ${generateTakes}
    where exists (select from jsonb_array_elements(brief -> 'references') one where one ->> 'shot' = any(${ids}))`;
  const { rows } = await db.execute<{ what: string; n: number }>(
    sql.join([...counts, chosen, drawn], sql` union all `),
  );
  return rows.filter(({ n }) => n > 0).map(({ what, n }) => `${n} ${what}`);
}

/** Removes everything that was found in a file. */
export async function forgetPass(db: Writes, fileId: string): Promise<void> {
  const own: SQL = sql`(select id from ${shotsShots} where file_id = ${fileId})`;
  await db.execute(sql`delete from ${shotsCopies} where a in ${own} or b in ${own}`);
  for (const table of [shotsShots, shotsTransitions, shotsPrints, shotsPasses])
    await db.execute(sql`delete from ${table} where file_id = ${fileId}`);
}
