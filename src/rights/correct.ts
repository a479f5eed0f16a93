import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { BacklotError } from '../contract/index.ts';
import { type Context, canonical } from '../jobs/index.ts';
import { append } from './import.ts';
import { type Appearance, type Corrected, type correctInputSchema, notLegalAdvice } from './schema.ts';
import { currentLedger } from './store.ts';

/**
 * Takes back that a party was confirmed to be seen somewhere, by a row that replaces it (ADR 0110). It permits nothing by itself: the shots wait until a ledger says who is seen
 * there, or by a row in its place that nobody is (ADR 0171). Withdrawals, and what they blocked, stay.
 * @param at the instant, ISO with zone
 * @throws BacklotError `no-such-row`, `not-confirmed`, `ledger-changed`
 */
export async function correctAppearance(
  context: Context,
  { appearance, reason, by = context.who }: z.output<typeof correctInputSchema>,
  at: string,
): Promise<Corrected> {
  const subject = `appearances/${appearance}`;
  const current = await currentLedger(context.db);
  const row = current?.document.appearances.find(({ id }) => id === appearance);
  if (!current || !row) throw noSuchRow(subject);
  if (row.status !== 'confirmed') throw notConfirmed(subject);
  const taken = takenBack(row, `not confirmed any more on ${at.slice(0, 10)} by ${by}: ${reason}`);
  const appearances = current.document.appearances.map((one) => (one === row ? taken : one));
  const document = { ...current.document, appearances };
  const sha256 = createHash('sha256').update(canonical(document)).digest('hex');
  const act = { what: 'rights.correct', subject, details: { by, reason } };
  const ledger = { sha256, source: `correction of ${subject}`, document };
  const { id } = await append(context, current, ledger, act);
  return { notice: notLegalAdvice, row: subject, status: 'proposed', ledger: id };
}

const takenBack = (row: Appearance, why: string): Appearance => ({
  ...row,
  status: 'proposed',
  note: row.note === undefined ? why : `${row.note}; ${why}`,
});

const noSuchRow = (where: string): BacklotError =>
  new BacklotError('no-such-row', {
    expected: 'an appearance in the ledger in force',
    where,
    found: 'no such row',
    remedy: '`backlot rights explain SHOT` names the rows that a decision rests on.',
  });

const notConfirmed = (where: string): BacklotError =>
  new BacklotError('not-confirmed', {
    expected: 'a confirmed appearance',
    where,
    found: 'a proposed one',
    remedy:
      'Say in a ledger file who is seen there, or by a row with `shots: none`, a `note` and `supersedes` that nobody is, and import it.',
  });
