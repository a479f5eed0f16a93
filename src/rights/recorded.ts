import { and, desc, eq } from 'drizzle-orm';
import { type Db, tables } from '../db/index.ts';
import { ruleVersion } from './rule-version.ts';
import { newestRecording } from './store.ts';
import type { Use } from './uses.ts';

const { rightsDecisions } = tables;

/** A decision on many shots that is on record. */
export interface Decided {
  ledger: string;
  use: Use;
  territory: string;
  asOf: string;
  decidedAt: Date;
}

/** What was asked last by the ledger in force and these rules: in-house training of any model for any kind of take. Null: nothing. */
export async function newestDecisions(db: Db, use: Use): Promise<Decided | null> {
  const { ledgerId, territory, asOf, decidedAt } = rightsDecisions;
  const ledger = (await newestRecording(db))?.id ?? 'none';
  const rows = await db
    .select({ territory, asOf, decidedAt })
    .from(rightsDecisions)
    .where(and(eq(ledgerId, ledger), eq(rightsDecisions.use, use), unlimited))
    .orderBy(desc(decidedAt))
    .limit(1);
  return rows[0] ? { ledger, use, ...rows[0] } : null;
}

/** The outcome of each shot that was decided so. */
export async function recordedOutcomes(
  db: Db,
  { ledger, use, territory, asOf }: Decided,
): Promise<{ shotId: string; outcome: string }[]> {
  const { shotId, outcome, ...asked } = rightsDecisions;
  return db
    .select({ shotId, outcome })
    .from(rightsDecisions)
    .where(
      and(
        ...[eq(asked.ledgerId, ledger), eq(asked.use, use)],
        ...[eq(asked.territory, territory), eq(asked.asOf, asOf), unlimited],
      ),
    );
}

/** Asked without limits, and decided by these rules: what older ones decided is nobody's answer today. */
const unlimited = and(
  eq(rightsDecisions.ruleVersion, ruleVersion),
  eq(rightsDecisions.model, ''),
  eq(rightsDecisions.trainer, 'in-house'),
  eq(rightsDecisions.output, ''),
);
