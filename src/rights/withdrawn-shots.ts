import type { Context } from '../jobs/index.ts';
import { decideHoldings, holdingsOf } from './bulk.ts';
import { sections } from './raw.ts';
import type { Ledger } from './schema.ts';

/**
 * Shots that somebody has withdrawn from being read and found, in force today: what describes them is not kept either. Only
 * where the ledger holds a withdrawal is anything decided.
 */
export async function withdrawnShots(context: Pick<Context, 'db'>): Promise<ReadonlySet<string>> {
  const holdings = await holdingsOf(context);
  if (!holdings.ledger || !holdsWithdrawal(holdings.ledger.document)) return new Set();
  const asked = { use: 'index', territory: 'world', asOf: new Date().toISOString() } as const;
  const gone = decideHoldings(holdings, asked).filter(({ reasons }) =>
    reasons.some(({ rule }) => rule === 'withdrawn' || rule === 'consent_refused'),
  );
  return new Set(gone.map(({ shotId }) => shotId));
}

const holdsWithdrawal = (ledger: Ledger): boolean =>
  sections.some((section) => {
    const rows: readonly { id: string; withdrawn?: string | undefined }[] = ledger[section];
    return rows.some(({ withdrawn }) => withdrawn !== undefined);
  });
