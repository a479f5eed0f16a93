import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, tables } from '../../db/index.ts';
import { canonicalJson } from '../digest.ts';
import { NEWEST_RULE, type RuleId } from '../statement-rules.ts';
import type { Pool, Statement } from '../statement-schema.ts';
import type { Period } from './period.ts';
import { readStatement } from './sealed.ts';

/** When a statement was made: what is recorded later is not in it, so that it comes out the same when it is computed again. */
export type Moment = string | undefined;

/**
 * The moment of statements for a folder and their rule: now, by the clock that dates what is recorded, and the pool's or the newest, or those of the
 * same statements that lie there already, which are finished and not made anew.
 * @returns `asOf` undefined where those are of a version that did not say it
 */
export async function makingFor(
  db: Db,
  folder: string,
  asked: { period: Period; pool: Pool | null },
): Promise<{ asOf: Moment; rule: RuleId }> {
  const before = await readStatement(join(folder, 'summary.json')).catch(() => null);
  const { period, pool } = before ?? {};
  if (before && canonicalJson({ period, pool }) === canonicalJson(asked))
    return { asOf: before.asOf, rule: before.rule.id };
  const now = sql`to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`;
  const asOf = (await db.execute<{ now: string }>(sql`select ${now}`)).rows[0]?.now;
  return { asOf, rule: asked.pool?.rule ?? NEWEST_RULE };
}

const actSchema = z.looseObject({ period: z.looseObject({ from: z.string(), until: z.string() }) });

/**
 * The moments at which a statement may have been made: its own; of a version that did not say it, those at which the audit log has
 * statements of its period, and last of all now.
 */
export async function momentsOf(db: Db, { asOf, period }: Statement): Promise<Moment[]> {
  if (asOf !== undefined) return [asOf];
  const { at, details, what, seq } = tables.provenanceAudit;
  const acts = db
    .select({ at, details })
    .from(tables.provenanceAudit)
    .where(eq(what, 'provenance.statement'));
  const same = (await acts.orderBy(seq)).filter((act) => {
    const of = actSchema.safeParse(act.details).data?.period;
    return of?.from === period.from && of.until === period.until;
  });
  return [...same.map((act) => act.at), undefined];
}
