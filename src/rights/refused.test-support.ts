import type { Context } from '../jobs/index.ts';
import { explainShot } from './explain.ts';
import { clearedFile } from './ledgers.test-support.ts';
import { revoke } from './revoke.ts';
import { ledgerSchema, type Revoked, revokeInputSchema } from './schema.ts';
import { appendLedger, currentLedger } from './store.ts';

/** Somebody consented (`old`), refused (`refusal`), and consented anew by a row that lifts the refusal (`yes`). */

export const now = '2026-05-01T09:00:00.000Z';

export const [c1] = clearedFile().consents ?? [];
export const old = { ...c1, on: '2024-01-01' };
const no = { id: 'no', party: 'nia', answer: 'refused', on: '2025-01-01', titles: 'all', uses: 'all' };
export const refusal = { ...no, territories: ['world'] };
export const yes = { ...c1, id: 'yes', on: '2026-01-01', lifts: ['no'] };
export const ledger = (...consents: object[]) => ({ ...clearedFile(), consents });

export const withdraw = (context: Context, target: object, at = now): Promise<Revoked> =>
  revoke(context, revokeInputSchema.parse(target), at);

/** Ids of the consents in force, in order. */
export const idsInForce = async ({ db }: Pick<Context, 'db'>): Promise<string[]> =>
  ((await currentLedger(db))?.document.consents ?? []).map(({ id }) => id).sort();

/** Why the film's first shot may or may not be trained on. */
export async function explained(context: Context): Promise<string> {
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-05-01' } as const;
  return (await explainShot(context, 'sht_harbour-0', asked)).words;
}

/** Records what no import takes today, as an earlier version did. */
export async function recordedEarlier({ db }: Pick<Context, 'db'>, document: object): Promise<void> {
  const before = await currentLedger(db);
  if (before === null) throw new Error('no ledger');
  const parsed = ledgerSchema.parse(JSON.parse(JSON.stringify(document)));
  const act = { what: 'x', subject: 'x' };
  await appendLedger(db, { ...before, id: `${before.id}-next`, document: parsed }, before.id, act);
}
